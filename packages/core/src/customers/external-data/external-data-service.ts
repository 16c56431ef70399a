import { sameValue } from '../../entity/canonical-json.js'
import { requireRight } from '../../entity/commit-rights.js'
import { aggregateRecords, type FindOptions, findRecords, readOne } from '../../entity/record-reader.js'
import { committed, planCreate } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import type { Page } from '../../kernel/page.js'
import { allOf, anyOf, type Filter } from '../../storage/filter.js'
import { type ExternalData, externalDataEntity, type NewExternalData } from './external-data-entity.js'

/** Whom facts are about. */
export type FactsSubject = { readonly contactId: string } | { readonly companyId: string }

/** What others say of contacts and companies, with source and date. Who may not read the subject may not read these. */
export interface ExternalDataService {
  /** Keeps what a source says as of a moment. The same report again changes nothing. */
  record(input: NewExternalData): Promise<ExternalData>
  /** What each source said last, by the moment it speaks of; at most 100 sources. In 3 statements. */
  latest(subject: FactsSubject): Promise<ExternalData[]>
  /** All that was said, of one source when named, the newest first. */
  history(
    subject: FactsSubject,
    options?: { readonly source?: string } & Pick<FindOptions, 'limit' | 'cursor'>,
  ): Promise<Page<ExternalData>>
}

const mostSources = 100

/** External data of a session. */
export function createExternalDataService(context: SessionContext): ExternalDataService {
  const find = (where: Filter, options: FindOptions) =>
    findRecords<ExternalData>(context, externalDataEntity, { ...options, where })
  return {
    async record(input) {
      const fetchedAt = input?.fetchedAt ?? instantOf(context.clock.now())
      const { id, values, change } = await planCreate(context, externalDataEntity, { ...input, fetchedAt })
      const subject = subjectOf(values)
      const { items } = await find(
        allOf(
          { op: 'eq', path: subject.field, value: subject.id },
          { op: 'eq', path: 'source', value: values.source as string },
          { op: 'eq', path: 'asOf', value: values.asOf as string },
        ),
        { orderBy: ['-fetchedAt'], limit: 1 },
      )
      const [known] = items
      if (known && sameValue(known.values, values.values)) return known
      return committed(context, externalDataEntity, id, [
        change,
        { kind: 'require', entity: subject.entity, id: subject.id, is: 'present', namedBy: subject.field },
      ])
    },
    async latest(given) {
      const where = await readable(context, given)
      const groups = await aggregateRecords(context, externalDataEntity, {
        where,
        by: ['source'],
        compute: { asOf: { fn: 'max', path: 'asOf' } },
      })
      if (groups.length === 0) return []
      const newest = groups
        .slice(0, mostSources)
        .map(({ keys, values }) =>
          allOf(
            { op: 'eq', path: 'source', value: keys[0] as string },
            { op: 'eq', path: 'asOf', value: values.asOf as string },
          ),
        )
      const { items } = await find(allOf(where, anyOf(...newest)), {
        orderBy: ['source', '-fetchedAt', '-id'],
        limit: 1_000,
      })
      return items.filter(({ source }, index) => source !== items[index - 1]?.source)
    },
    async history(given, { source, ...page } = {}) {
      const where = await readable(context, given)
      return find(allOf(where, source === undefined ? undefined : { op: 'eq', path: 'source', value: source }), {
        orderBy: ['-asOf', '-fetchedAt', '-id'],
        ...page,
      })
    },
  }
}

/** The filter for a subject that the actor may read. */
async function readable(context: SessionContext, given: FactsSubject): Promise<Filter> {
  await requireRight(context, externalDataEntity, 'read')
  const { entity, field, id } = subjectOf(given as Readonly<Record<string, unknown>>)
  await readOne(context, context.registry.get(entity), id)
  return { op: 'eq', path: field, value: id }
}

function subjectOf(values: Readonly<Record<string, unknown>> | undefined) {
  const { contactId, companyId } = values ?? {}
  if (typeof contactId === 'string' && companyId === undefined)
    return { entity: 'contact', field: 'contactId', id: contactId } as const
  if (typeof companyId === 'string' && contactId === undefined)
    return { entity: 'company', field: 'companyId', id: companyId } as const
  throw invalidField('contactId', 'must be given, or companyId in its place: facts are about one of them')
}
