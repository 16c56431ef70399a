import { CrmError } from '../kernel/crm-error.js'
import { deriveId } from '../kernel/id.js'
import type { Row } from '../storage/row.js'
import type { EntityChange } from './entity-change.js'
import type { SessionContext } from './session-context.js'

const longestChain = 1_000

type Check = Extract<EntityChange, { kind: 'require' }>

/** The id of an alias follows from the old id, so that an id can be merged only once at a time. */
export function recordAliasId(objectType: string, oldId: string): string {
  return deriveId('recordAlias', objectType, oldId)
}

/** Where ids lead to, each through as many merges as there were; an id that was not merged leads to itself. */
export async function resolveAliases(
  context: SessionContext,
  objectType: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const leads = new Map(ids.map((id) => [id, id]))
  let open = [...leads.keys()]
  for (let hop = 0; open.length > 0 && hop < longestChain; hop++) {
    const targets = [...new Set(open.map((id) => leads.get(id) as string))]
    const found = await readAliases(context, objectType, targets)
    const next = new Map(found.flatMap((row, index) => (row ? [[targets[index] as string, row] as const] : [])))
    open = open.filter((id) => next.has(leads.get(id) as string))
    for (const id of open) leads.set(id, next.get(leads.get(id) as string)?.recordId as string)
  }
  return leads
}

/** The aliases of ids, holes kept; those of merges that are not complete only when asked for. */
export async function readAliases(
  context: SessionContext,
  objectType: string,
  ids: readonly string[],
  { pending = false }: { readonly pending?: boolean } = {},
): Promise<(Row | undefined)[]> {
  if (!context.registry.has('recordAlias')) return ids.map(() => undefined)
  const rows = await context.storage.getMany(
    'recordAlias',
    ids.map((id) => recordAliasId(objectType, id)),
  )
  return rows.map((row) => (row && (pending || row.pending !== true) ? row : undefined))
}

/** Checks that no id which the input names was merged into another record: what is written under it would belong to nobody. */
export function planAliasChecks(context: SessionContext, changes: readonly EntityChange[]): Check[] {
  return [...namedIds(context, changes).values()].map(({ entity, id }) => ({
    kind: 'require',
    entity: 'recordAlias',
    id: recordAliasId(entity, id),
    is: 'absent',
  }))
}

/** What is known of the ids that the input names, when an alias stood in the way of a batch. */
export interface NamedAliases {
  /**
   * `rule_violated` with reason `merged` and, for each old id, the id it leads to; absent while no merge is complete: the old ids still
   * stand for their own records.
   */
  readonly merged?: CrmError
  /** Versions, by id, of the aliases whose merges have begun: what is written must be there before they are complete. */
  readonly pending: ReadonlyMap<string, number>
}

/** Reads the aliases of the ids that the input names. */
export async function readNamedAliases(
  context: SessionContext,
  changes: readonly EntityChange[],
): Promise<NamedAliases> {
  const named = [...namedIds(context, changes).values()]
  const rows = await context.storage.getMany(
    'recordAlias',
    named.map(({ entity, id }) => recordAliasId(entity, id)),
  )
  const found = rows.flatMap((row, index) => (row ? [{ ...(named[index] as NamedId), row: row as Row }] : []))
  const pending = new Map(found.flatMap(({ row }) => (row.pending === true ? [[row.id, row.version] as const] : [])))
  const merged = found.filter(({ row }) => row.pending !== true)
  const [first] = merged
  if (!first) return { pending }
  const error = new CrmError('rule_violated', `${first.field}: this ${first.entity} was merged into another one`, {
    entity: first.entity,
    id: first.id,
    field: first.field,
    reason: 'merged',
    leadsTo: Object.fromEntries(merged.map(({ id, row }) => [id, row.recordId as string])),
    remedy: 'use the id it leads to, which resolveId tells',
  })
  return { merged: error, pending }
}

interface NamedId {
  readonly entity: string
  readonly id: string
  readonly field: string
}

/** The ids of records that can be merged, as far as the input names them and they are not changed themselves. */
function namedIds(context: SessionContext, changes: readonly EntityChange[]): Map<string, NamedId> {
  const named = new Map<string, NamedId>()
  if (!context.registry.has('recordAlias')) return named
  for (const change of changes) {
    const isReference = change.kind === 'derive' || (change.kind === 'require' && change.is === 'present')
    if (!isReference || change.namedBy === undefined || !context.registry.get(change.entity).mergeable) continue
    named.set(`${change.entity}/${change.id}`, { entity: change.entity, id: change.id, field: change.namedBy })
  }
  return named
}
