import type { Entity } from '../../entity/entity.js'
import { toRecord } from '../../entity/record.js'
import { eachRecord, maskFor, readMany } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import { allOf, anyOf, type Filter } from '../../storage/filter.js'
import { type ExportColumn, exportColumns, valueAtPath } from './export-columns.js'
import type { ExportRelation } from './export-options.js'

/** A relation ready to be followed. */
export interface FollowedRelation {
  readonly name: string
  readonly entity: Entity
  readonly columns: readonly ExportColumn[]
  /** Related records, as the actor may see them, by the id of the record they belong to. A fixed number of reads for a page. */
  follow(records: readonly { readonly id: string }[]): Promise<ReadonlyMap<string, readonly unknown[]>>
}

/** Checks a relation and prepares to follow it. Throws `validation_failed` or `access_denied`. */
export async function followedRelation(
  context: SessionContext,
  owner: Entity,
  name: string,
  relation: ExportRelation,
): Promise<FollowedRelation> {
  const place = `relations.${name}`
  if (!context.registry.has(relation.object))
    throw invalidField(`${place}.object`, 'must name an entity such as company')
  const entity = context.registry.get(relation.object)
  const columns = await exportColumns(context, entity, relation.fields, `${place}.fields`)
  const { from, by, linkFields = [] } = relation
  if (linkFields.length > 0 && (from ?? by) !== undefined)
    throw invalidField(`${place}.linkFields`, 'needs records that are linked by associations, without from and by')
  const linkColumns = await exportColumns(
    context,
    context.registry.get('association'),
    linkFields,
    `${place}.linkFields`,
  )
  if (from !== undefined && owner.fields.get(from)?.references !== entity.name)
    throw invalidField(`${place}.from`, `must be a field of ${owner.name} that holds the id of a ${entity.name}`)
  if (by !== undefined && entity.fields.get(by)?.references !== owner.name)
    throw invalidField(`${place}.by`, `must be a field of ${entity.name} that holds the id of a ${owner.name}`)
  return {
    name,
    entity,
    columns: [...columns, ...linkColumns.map((column) => ({ ...column, path: `link.${column.path}` }))],
    async follow(records) {
      if (by !== undefined) return recordsBy(context, entity, by, records)
      const pairs =
        from === undefined
          ? await linkedPairs(context, owner, relation, records)
          : records.flatMap((record) => {
              const id = valueAtPath(record, from)
              return typeof id === 'string' ? [[record.id, id] as const] : []
            })
      return recordsOfPairs(context, entity, pairs)
    },
  }
}

type Pair = readonly [ownerId: string, relatedId: string, link?: object]

async function recordsOfPairs(
  context: SessionContext,
  entity: Entity,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const ids = [...new Set(pairs.map(([, id]) => id))]
  const mask = await maskFor(context, entity)
  const byId = new Map<string, unknown>()
  for (let start = 0; start < ids.length; start += 1_000) {
    for (const row of await readMany(context, entity, ids.slice(start, start + 1_000)))
      if (row) byId.set(row.id, toRecord(entity, row, mask))
  }
  const related = new Map<string, unknown[]>()
  for (const [ownerId, id, link] of pairs) {
    const record = byId.get(id)
    if (record === undefined) continue
    const seen = link === undefined ? record : { ...(record as object), link }
    related.set(ownerId, [...(related.get(ownerId) ?? []), seen])
  }
  return related
}

async function recordsBy(
  context: SessionContext,
  entity: Entity,
  by: string,
  records: readonly { readonly id: string }[],
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const related = new Map<string, unknown[]>()
  const where: Filter = { op: 'in', path: by, values: records.map(({ id }) => id) }
  for await (const record of eachRecord<unknown>(context, entity, { where, orderBy: ['id'] })) {
    const ownerId = valueAtPath(record, by) as string
    related.set(ownerId, [...(related.get(ownerId) ?? []), record])
  }
  return related
}

/** Links are read from both of their ends. */
async function linkedPairs(
  context: SessionContext,
  owner: Entity,
  { object, typeKey, former = false }: ExportRelation,
  records: readonly { readonly id: string }[],
): Promise<Pair[]> {
  const association = context.registry.get('association')
  const values = records.map(({ id }) => id)
  // The last day of a link is the day of leaving.
  const today = instantOf(context.clock.now()).slice(0, 10)
  const holds = anyOf({ op: 'isNull', path: 'to' }, { op: 'gt', path: 'to', value: today })
  const pairs: Pair[] = []
  for (const [near, far] of [
    ['from', 'to'],
    ['to', 'from'],
  ] as const) {
    const where = allOf(
      { op: 'eq', path: `${near}Type`, value: owner.name },
      { op: 'in', path: `${near}Id`, values },
      { op: 'eq', path: `${far}Type`, value: object },
      ...(typeKey === undefined ? [] : [{ op: 'eq', path: 'typeKey', value: typeKey } as const]),
      former ? undefined : holds,
    )
    for await (const link of eachRecord<Record<string, string>>(context, association, { where, orderBy: ['id'] }))
      pairs.push([link[`${near}Id`] as string, link[`${far}Id`] as string, link])
  }
  return pairs
}
