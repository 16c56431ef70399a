import { type FieldMask, fieldMask } from '../access/field-mask.js'
import { can, scope } from '../access/rights.js'
import { CrmError, invalidField } from '../kernel/crm-error.js'
import { eachItem, type Page } from '../kernel/page.js'
import { orderValues } from '../storage/compare-rows.js'
import { type OrderTerm, parseOrderTerm, resolvePath } from '../storage/entity-def.js'
import { allOf, type Filter, filterPaths, isNothing } from '../storage/filter.js'
import { orderTermLimit } from '../storage/prepare-query.js'
import type { Aggregate, AggregateGroup } from '../storage/query.js'
import type { Path, Row } from '../storage/row.js'
import { accessDenied, readableUnderParent, requireRight } from './commit-rights.js'
import { decodeCursor, encodeCursor, listMark } from './cursor.js'
import { type Entity, isInternalPath, readerOf } from './entity.js'
import { recordPaths, toRecord } from './record.js'
import type { SessionContext } from './session-context.js'
import { resolveFolding, toFilter, type Where } from './where.js'

/** What to list. */
export interface FindOptions {
  readonly where?: Where
  /** Paths, `-` before one for descending; newest first when left out. */
  readonly orderBy?: readonly string[]
  /** 1 to 1,000; 50 when left out. */
  readonly limit?: number
  /** Of the page before. */
  readonly cursor?: string
  /** Deleted records too; never for visitors. */
  readonly includeDeleted?: boolean
  readonly signal?: AbortSignal
}

/** Options of a read of known records. */
export interface ReadOptions {
  readonly includeDeleted?: boolean
  readonly signal?: AbortSignal
}

const live: Filter = { op: 'isNull', path: 'deletedAt' }
const defaultLimit = 50
const mostIds = 1_000
const longestTerm = 512

/** The json fields whose members can be filtered; lists of objects never can. */
const pathsInside: ReadonlySet<Path> = new Set(['custom', 'createdBy', 'updatedBy'])

/** Rows of known records, masked by the actor's rights: what it may not read is missing, as if it were not there. */
export async function readMany(
  context: SessionContext,
  entity: Entity,
  ids: readonly string[],
  options: ReadOptions = {},
): Promise<(Row | undefined)[]> {
  if (!Array.isArray(ids) || ids.length > mostIds)
    throw invalidField('ids', `must be a list of at most ${mostIds}; split it`)
  for (const [index, id] of ids.entries()) {
    if (typeof id !== 'string' || id === '')
      throw invalidField(ids.length === 1 ? 'id' : `ids.${index}`, 'must be the id of a record')
  }
  await requireRight(context, entity, 'read')
  const [access, rows] = await Promise.all([
    context.access(),
    context.storage.getMany(entity.name, ids, options.signal && { signal: options.signal }),
  ])
  const allowed = (row: Row, parentAllowed: boolean): boolean =>
    can(access, entity.name, entity.access, 'read', readerOf(row), parentAllowed)
  const shown = (row: Row): boolean =>
    row.deletedAt === undefined || (options.includeDeleted === true && !access.portal)
  const present = rows.map((row) => (row && shown(row) ? row : undefined))
  const undecided = present
    .filter((row) => row !== undefined)
    .filter((row) => !allowed(row, false) && allowed(row, true))
  const readable = await readableUnderParent(context, entity, undecided)
  const underParent = new Set(undecided.filter((_, index) => readable[index]))
  return present.map((row) => (row && (allowed(row, false) || underParent.has(row)) ? row : undefined))
}

/** The row of a record. Throws `not_found` when it is not there or may not be read. */
export async function readOne(
  context: SessionContext,
  entity: Entity,
  id: string,
  options?: ReadOptions,
): Promise<Row> {
  const [row] = await readMany(context, entity, [id], options)
  if (!row) throw new CrmError('not_found', `There is no ${entity.name} with this id`, { entity: entity.name, id })
  return row
}

/** The actor's mask for an entity; values of custom fields that were removed are hidden from everybody. */
export async function maskFor(context: SessionContext, entity: Entity): Promise<FieldMask> {
  const [access, custom] = await Promise.all([
    context.access(),
    entity.kind === 'record' ? context.customFields.all(context.storage, context.tenantId) : undefined,
  ])
  const mask = fieldMask(access, entity.name, entity.access)
  const removed = custom?.removed.get(entity.name)
  if (!removed?.size) return mask
  const isRemoved = (path: Path): boolean => path.startsWith('custom.') && removed.has(path.split('.')[1] as string)
  return { ...mask, readable: (path) => !isRemoved(path) && mask.readable(path) }
}

/**
 * One page of records that the actor may read. Throws `access_denied` when it filters or orders by a field it may not read.
 * `checkedParentId` names a parent whose right the caller checked already, so that it is not read again.
 */
export async function findRecords<R>(
  context: SessionContext,
  entity: Entity,
  options: FindOptions = {},
  checkedParentId?: string,
): Promise<Page<R>> {
  const mask = await maskFor(context, entity)
  const { where, order } = await prepareList(context, entity, options, mask, checkedParentId)
  if (isNothing(where)) return { items: [] }
  const mark = listMark(entity.name, where, order)
  const after = options.cursor === undefined ? undefined : decodeCursor(options.cursor, mark)
  const limit = options.limit ?? defaultLimit
  const page = await context.storage.find({
    entity: entity.name,
    where,
    order,
    limit,
    ...(entity.search && { fields: recordPaths(entity) }),
    ...(after && { after }),
    ...(options.signal && { signal: options.signal }),
  })
  const items = page.rows.map((row) => toRecord<R>(entity, row, mask))
  const last = page.rows.at(-1)
  return page.done || !last
    ? { items }
    : { items, cursor: encodeCursor(mark, orderValues(entity.storage, last, order)) }
}

/** All records, page by page. */
export function eachRecord<R>(
  context: SessionContext,
  entity: Entity,
  options: Omit<FindOptions, 'cursor'> = {},
): AsyncGenerator<R> {
  return eachItem((cursor) =>
    findRecords<R>(context, entity, { limit: 500, ...options, ...(cursor !== undefined && { cursor }) }),
  )
}

/** Number of records that the actor may read. */
export async function countRecords(
  context: SessionContext,
  entity: Entity,
  options: Pick<FindOptions, 'where' | 'includeDeleted' | 'signal'> = {},
): Promise<number> {
  const [group] = await aggregateRecords(context, entity, { ...options, compute: { count: { fn: 'count' } } })
  return (group?.values.count as number | undefined) ?? 0
}

/** Groups and sums over the records that the actor may read. */
export async function aggregateRecords(
  context: SessionContext,
  entity: Entity,
  options: Pick<FindOptions, 'where' | 'includeDeleted'> & Omit<Aggregate, 'entity' | 'where'>,
  checkedParentId?: string,
): Promise<AggregateGroup[]> {
  const mask = await maskFor(context, entity)
  const { where } = await prepareList(context, entity, options, mask, checkedParentId)
  const { includeDeleted: _, where: __, ...rest } = options
  const paths = [
    ...(rest.by ?? []).map((key) => (typeof key === 'string' ? key : key.path)),
    ...Object.values(rest.compute).flatMap(({ path }) => path ?? []),
  ]
  for (const path of paths) await requireReadable(context, entity, path, mask, 'by')
  return context.storage.aggregate({ ...rest, entity: entity.name, where })
}

/** What a list asks the storage for: the filter with the actor's scope, and the order. Checks that its fields may be read. */
export async function prepareList(
  context: SessionContext,
  entity: Entity,
  options: FindOptions,
  mask: FieldMask,
  checkedParentId?: string,
): Promise<{ where: Filter; order: readonly OrderTerm[] }> {
  await requireRight(context, entity, 'read')
  const asked = toFilter(options.where)
  const order = orderOf(entity, options.orderBy)
  for (const path of filterPaths(asked)) await requireReadable(context, entity, path, mask, 'where')
  for (const term of order) await requireReadable(context, entity, parseOrderTerm(term).path, mask, 'orderBy')
  const reachable = await scopeOf(context, entity, asked, checkedParentId)
  const withDeleted = options.includeDeleted === true && !(await context.access()).portal
  const kept = entity.kind === 'record' && !withDeleted ? live : undefined
  return { where: allOf(kept, reachable, resolveFolding(entity, asked)), order }
}

/** The actor's scope. A list of records under a parent must name one, and that one must be readable. */
async function scopeOf(
  context: SessionContext,
  entity: Entity,
  asked: Filter,
  checkedParentId: string | undefined,
): Promise<Filter> {
  const access = await context.access()
  const filter = scope(access, entity.name, entity.access, 'read', checkedParentId)
  if (filter || typeof entity.access.reach === 'string') return filter as Filter
  const { parent, field } = entity.access.reach
  const parentId = namedParent(asked, field)
  if (parentId === undefined) {
    throw new CrmError('access_denied', `${entity.name} can only be listed under one ${parent}`, {
      entity: entity.name,
      field,
      remedy: `filter by ${field}`,
    })
  }
  const [readable] = await readableUnderParent(context, entity, [{ [field]: parentId }])
  if (!readable) throw accessDenied(parent, 'read')
  return scope(access, entity.name, entity.access, 'read', parentId) as Filter
}

function namedParent(filter: Filter, field: Path): string | undefined {
  if (filter.op === 'eq' && filter.path === field) return filter.value as string
  if (filter.op !== 'and') return undefined
  for (const arg of filter.args) {
    const found = namedParent(arg, field)
    if (found !== undefined) return found
  }
  return undefined
}

function orderOf(entity: Entity, orderBy: readonly string[] | undefined): readonly OrderTerm[] {
  const isTerm = (term: unknown): boolean => typeof term === 'string' && term.length <= longestTerm
  if (orderBy !== undefined && (!Array.isArray(orderBy) || orderBy.length > orderTermLimit || !orderBy.every(isTerm))) {
    throw invalidField(
      'orderBy',
      `must be a list of at most ${orderTermLimit} field names, with - before one for descending`,
    )
  }
  const terms = (orderBy?.length ? orderBy : [entity.kind === 'record' ? '-createdAt' : 'id']) as readonly OrderTerm[]
  if (terms.some((term) => parseOrderTerm(term).path === 'id')) return terms
  const last = terms[terms.length - 1] as OrderTerm
  return [...terms, parseOrderTerm(last).descending ? '-id' : 'id']
}

/** Filtering, ordering or grouping by a hidden field would give it away, value by value. */
async function requireReadable(
  context: SessionContext,
  entity: Entity,
  path: Path,
  mask: FieldMask,
  place: string,
): Promise<void> {
  const target = resolvePath(entity.storage, path)
  if (!target || isInternalPath(entity, path))
    throw invalidField(`${place}.${path}`, `is not a field of ${entity.name}`)
  if (!mask.readable(path)) {
    throw new CrmError('access_denied', `The actor may not read ${path}`, { entity: entity.name, field: path })
  }
  if (target.inside.length > 0 && !pathsInside.has(target.field)) {
    throw invalidField(`${place}.${path}`, `cannot be compared: ${target.field} is kept whole`)
  }
  if (target.field !== 'custom') return
  const fields = await context.customFields.fieldsOf(context.storage, context.tenantId, entity.name)
  if (!fields.has(target.inside[0] ?? '')) throw invalidField(`${place}.${path}`, 'is not a registered custom field')
}
