import type { JournaledField } from '../entity/journal-entity.js'
import type { SessionContext } from '../entity/session-context.js'
import { allOf } from '../storage/filter.js'
import { foldText } from '../storage/fold-text.js'
import { personalFieldsOf } from './personal-fields.js'
import type { Subject } from './subject-records.js'
import { pagesOf } from './subject-rows.js'

/** What stands in place of text that must not be empty. */
export const erasedText = 'erased'

/** What tells a person from others, now and earlier. */
export interface Identifiers {
  readonly size: number
  /** Addresses, full names, foreign ids, folded. */
  readonly texts: ReadonlySet<string>
  /** The last digits of phone numbers, which every spelling of the number has. */
  readonly digits: ReadonlySet<string>
}

/** Shorter ones are words of a language as well. */
const shortest = 8
/** A Chinese, Japanese or Korean name of this length is as telling as a long one in letters. */
const shortestIdeographic = 3
const ideographic = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}·・\s]+$/u
const telling = 8
const phoneLike = /^\+?[\d\s()./-]{8,}$/
const idsPerQuery = 100
/** Parts of a personal value that say nothing of the person. */
const plainKeys: ReadonlySet<string> = new Set(['type', 'system', 'verifiedAt', 'countryCode'])
const dateLike = /^\d{4}-\d{2}-\d{2}/

/** The identifiers of a subject, from its personal fields and what its journal tells of earlier ones. */
export async function readIdentifiers(context: SessionContext, subject: Subject): Promise<Identifiers> {
  const entity = context.registry.get(subject.entity)
  const { fields, customKeys, isPersonal } = await personalFieldsOf(context, entity)
  const found = { texts: new Set<string>(), digits: new Set<string>() }
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
  return { ...found, size: found.texts.size + found.digits.size }
}

function collect(value: unknown, into: { readonly texts: Set<string>; readonly digits: Set<string> }): void {
  if (typeof value === 'string') {
    const text = foldText(value.trim())
    if (dateLike.test(text)) return
    const digits = text.replaceAll(/\D/g, '')
    if (phoneLike.test(text) && digits.length >= telling) into.digits.add(digits.slice(-telling))
    const least = ideographic.test(text) ? shortestIdeographic : shortest
    if (text.length >= least || text.includes('@')) into.texts.add(text)
  } else if (Array.isArray(value)) for (const each of value) collect(each, into)
  else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value)) if (!plainKeys.has(key)) collect(each, into)
}

/** Whether a text somewhere in a value holds an identifier, in whatever case, accents, width or spelling of a number. */
export function mentions(value: unknown, identifiers: Identifiers): boolean {
  if (typeof value === 'string') {
    const text = foldText(value)
    for (const identifier of identifiers.texts) if (text.includes(identifier)) return true
    if (identifiers.digits.size === 0) return false
    const digits = text.replaceAll(/\D/g, '')
    for (const identifier of identifiers.digits) if (digits.includes(identifier)) return true
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
