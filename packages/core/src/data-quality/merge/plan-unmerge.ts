import { sameValue } from '../../entity/canonical-json.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { readAliases } from '../../entity/record-alias.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Path, Row } from '../../storage/row.js'
import type { Mergeable } from './mergeable.js'
import { mergeRefused, planMergeStatus, planSurvivorScores, withoutNull } from './plan-merge.js'
import { planAliasRemoval } from './record-alias.js'
import { restoreFields, returnedLists } from './restore-fields.js'
import { findCircularReturns } from './returning-parents.js'

/** How the records will be when a merge is taken back. */
export interface Restoration {
  readonly changes: readonly EntityChange[]
  /** Fields that the merge had changed and somebody changed again since, or that would have put a record above itself. */
  readonly conflicts: readonly string[]
  /** Totals were changed since, so they must be computed anew. */
  readonly totalsChanged: boolean
}

/** What is there of a merge to take back. */
export interface MergeState {
  readonly record: Row
  readonly survivor: Row
  readonly sources: readonly Row[]
  /** Missing where the merge was never completed: the records are as they were. */
  readonly images?: { readonly before: ReadonlyMap<string, Row>; readonly after: Row; readonly dropped: readonly Row[] }
}

/**
 * Reads what is needed to take a merge back. Throws `rule_violated` when it was taken back already, when a person in it was erased,
 * or when its survivor was deleted or merged into another record since.
 */
export async function readMergeState(context: SessionContext, { entity }: Mergeable, record: Row): Promise<MergeState> {
  const mergeId = record.id
  const survivorId = record.survivorId as string
  const mergedIds = record.mergedIds as readonly string[]
  if (record.status === 'unmerged')
    throw mergeRefused(
      mergeId,
      'unmerged',
      'The merge was taken back already',
      'merge the records again if they are the same',
    )
  const [[survivor, ...sources], [alias], images] = await Promise.all([
    context.storage.getMany(entity.name, [survivorId, ...mergedIds]),
    readAliases(context, entity.name, [survivorId]),
    readImages(context, mergeId),
  ])
  const present = sources.filter((row) => row !== undefined)
  const completed = record.completedAt !== undefined
  if (!survivor || present.length < sources.length) throw erased(mergeId)
  if (alias)
    throw mergeRefused(
      mergeId,
      'survivor_merged',
      'The survivor was merged into another record since',
      'take that merge back first',
    )
  if (survivor.deletedAt !== undefined)
    throw mergeRefused(mergeId, 'survivor_deleted', 'The survivor was deleted since', 'restore it first')
  if (!completed) return { record, survivor, sources: present }
  const before = new Map(
    images.flatMap(({ part, recordId, row }) =>
      part === 'before' && row ? [[recordId as string, row as Row] as const] : [],
    ),
  )
  const after = images.find(({ part }) => part === 'after')?.row as Row | undefined
  if (!after || [survivorId, ...mergedIds].some((id) => !before.has(id))) throw erased(mergeId)
  return {
    record,
    survivor,
    sources: present,
    images: { before, after, dropped: images.filter(({ part }) => part === 'dropped') },
  }
}

/** The changes that bring the records of a merge back. Its relations go back by themselves. */
export async function planRestoration(
  context: SessionContext,
  mergeable: Mergeable,
  { record, survivor, sources, images }: MergeState,
): Promise<Restoration> {
  const { name } = mergeable.entity
  const end = [...sources.map(({ id }) => planAliasRemoval(name, id)), planMergeStatus(context, record, 'unmerged')]
  if (!images) return { changes: end, conflicts: [], totalsChanged: false }
  const before = images.before.get(survivor.id) as Row
  const custom = await context.customFields.fieldsOf(context.storage, context.tenantId, name)
  const restored = restoreFields(mergeable, before, images.after, survivor, custom)
  const { cleared, checks } = await findCircularReturns(context, mergeable, {
    mergeId: record.id,
    survivorId: survivor.id,
    records: [withoutNull({ ...survivor, ...restored.values }), ...sources],
  })
  const clear = (id: string): Record<Path, null> =>
    Object.fromEntries([...cleared].flatMap(([path, ids]) => (ids.has(id) ? [[path, null]] : [])))
  const values = { ...restored.values, ...clear(survivor.id) }
  const conflicts = [...new Set([...restored.conflicts, ...cleared.keys()])]
  const { set, totalsChanged } = restoredTotals(mergeable, before, images.after, survivor)
  const returned = sources.map((row) => ({
    row,
    fields: { ...returnedLists(mergeable, row, images.after, survivor), ...clear(row.id) },
  }))
  const events = [{ type: `${name}.unmerged`, data: { mergeId: record.id } }]
  const changes: EntityChange[] = [
    ...mergeable.planFollowing([
      { id: survivor.id, before: survivor, after: withoutNull({ ...survivor, ...values }) },
      ...returned.map(({ row, fields }) => ({ id: row.id, after: { ...row, ...fields } })),
    ]),
    { kind: 'update', entity: name, before: survivor, values, events, implied: true },
    { kind: 'derive', entity: name, id: survivor.id, set },
    ...returned.map(
      ({ row, fields }): EntityChange =>
        Object.keys(fields).length === 0
          ? { kind: 'restore', entity: name, before: row, events, implied: true }
          : {
              kind: 'update',
              entity: name,
              before: row,
              values: { deletedAt: null, ...fields },
              events,
              implied: true,
            },
    ),
    ...(await planComputed(context, name, record, images.dropped)),
    ...checks,
    ...end,
  ]
  return { changes, conflicts, totalsChanged }
}

/** Totals nobody changed since are as they were; what a score said of the merged record is gone. */
function restoredTotals(
  { totals, dropped }: Mergeable,
  before: Row,
  after: Row,
  current: Row,
): { readonly set: Record<Path, unknown>; readonly totalsChanged: boolean } {
  const set: Record<Path, unknown> = {}
  for (const path of [...totals.add, ...totals.min, ...totals.max])
    if (sameValue(current[path], after[path])) set[path] = before[path] ?? null
  for (const path of dropped) if (!sameValue(current[path], before[path])) set[path] = before[path] ?? null
  return { set, totalsChanged: [...totals.add, ...totals.min].some((path) => !sameValue(current[path], after[path])) }
}

/** Computed rows that the merge took away come back; those about the merged record go. */
async function planComputed(
  context: SessionContext,
  objectType: string,
  record: Row,
  dropped: readonly Row[],
): Promise<EntityChange[]> {
  const target = {
    mergeId: record.id,
    objectType,
    survivorId: record.survivorId as string,
    mergedIds: record.mergedIds as readonly string[],
  }
  const back = new Set(dropped.map(({ entity, recordId }) => `${entity as string}/${recordId as string}`))
  const present = (await planSurvivorScores(context, target)).filter(
    (change) => change.kind === 'unproject' && !back.has(`${change.entity}/${change.id}`),
  )
  return [
    ...present,
    ...dropped.flatMap(({ entity, recordId, row }): EntityChange[] => {
      if (!row) return []
      const { id: _, version: __, updatedAt: ___, ...values } = row as Row
      return [{ kind: 'project', entity: entity as string, id: recordId as string, values }]
    }),
  ]
}

async function readImages(context: SessionContext, mergeId: string): Promise<Row[]> {
  const page = await context.storage.find({
    entity: 'mergePreImage',
    where: { op: 'eq', path: 'mergeId', value: mergeId },
    order: ['id'],
    limit: 1_000,
  })
  return page.rows
}

function erased(mergeId: string) {
  return mergeRefused(
    mergeId,
    'erased',
    'A person in this merge was erased, so it cannot be taken back',
    'nothing can be restored; create the record anew if you must',
  )
}
