import type { JournaledField } from '../entity/journal-entity.js'
import type { SessionContext } from '../entity/session-context.js'
import { allOf } from '../storage/filter.js'
import { personalFieldsOf } from './personal-fields.js'
import type { Subject } from './subject-records.js'
import { pagesOf } from './subject-rows.js'

/** What stands in place of text that must not be empty. */
export const erasedText = 'erased'

/** Texts that tell a person from others, in lower case: addresses, numbers, full names, now and earlier. */
export type Identifiers = ReadonlySet<string>

/** Shorter ones are words of a language as well. */
const shortest = 8
const idsPerQuery = 100
/** Parts of a personal value that say nothing of the person. */
const plainKeys: ReadonlySet<string> = new Set(['type', 'system', 'verifiedAt', 'countryCode'])
const dateLike = /^\d{4}-\d{2}-\d{2}/

/** The identifiers of a subject, from its personal fields and what its journal tells of earlier ones. */
export async function readIdentifiers(context: SessionContext, subject: Subject): Promise<Identifiers> {
  const entity = context.registry.get(subject.entity)
  const { fields, customKeys, isPersonal } = await personalFieldsOf(context, entity)
  const found = new Set<string>()
  const rows = await context.storage.getMany(subject.entity, subject.ids.slice(0, idsPerQuery))
  for (const row of rows) {
    if (!row) continue
    for (const { path } of fields) collect(row[path], found)
    for (const key of customKeys) collect((row.custom as Readonly<Record<string, unknown>> | undefined)?.[key], found)
  }
  const where = allOf(
    { op: 'eq', path: 'entity', value: subject.entity },
    { op: 'in', path: 'recordId', values: subject.ids.slice(0, idsPerQuery) },
  )
  for await (const entries of pagesOf(context, 'journal', where))
    for (const { changes } of entries)
      for (const { field, before, after } of changes as JournaledField[])
        if (isPersonal(field)) collect([before, after], found)
  return found
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    const text = value.trim().toLowerCase()
    if ((text.length >= shortest || text.includes('@')) && !dateLike.test(text)) into.add(text)
  } else if (Array.isArray(value)) for (const each of value) collect(each, into)
  else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value)) if (!plainKeys.has(key)) collect(each, into)
}

/** Whether a text somewhere in a value holds an identifier. */
export function mentions(value: unknown, identifiers: Identifiers): boolean {
  if (typeof value === 'string') {
    const text = value.toLowerCase()
    for (const identifier of identifiers) if (text.includes(identifier)) return true
    return false
  }
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, each]) => mentions(key, identifiers) || mentions(each, identifiers))
}

/** The value with every text that holds an identifier replaced. */
export function withoutMentions(value: unknown, identifiers: Identifiers): unknown {
  if (typeof value === 'string') return mentions(value, identifiers) ? erasedText : value
  if (Array.isArray(value)) return value.map((each) => withoutMentions(each, identifiers))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      mentions(key, identifiers) ? erasedText : key,
      withoutMentions(each, identifiers),
    ]),
  )
}
