import type { Actor } from '../../access/actor.js'
import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { RunKind } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'
import { DerivedClaims } from './derived-claims.js'
import { type ChangedRecord, type ImportBatch, importBatchId, type OtherRecord } from './import-batch-entity.js'
import type { UndoConflict } from './import-report.js'
import type { ImportTarget, ImportTargets } from './import-target.js'
import { isRowError, mostWritesOf } from './plan-rows.js'
import { changedByOthers, journalOf, restoringPatch } from './restore-fields.js'

/** Which import is taken back. Plain data, kept with the run of the undo. */
export interface UndoParams {
  readonly importId: string
  readonly object: string
  /** The run of the import. */
  readonly runId: string
  readonly batches: number
  readonly starter: Actor
}

/** What an undo does with one record. */
interface UndoneRecord {
  readonly id: string
  readonly outcome: 'removed' | 'restored' | 'kept'
  readonly changes: readonly EntityChange[]
  readonly conflicts: readonly UndoConflict[]
}

/**
 * Takes an import back, its last batch first: records it made are deleted, fields it changed get their values from before, out of
 * the journal. What others changed since stays and is a conflict. Each batch is committed with the note that it is undone, so an
 * interrupted undo goes on where it was.
 */
export function undoRun(targets: ImportTargets, maxBatch: number): RunKind<UndoParams> {
  return {
    kind: 'import.undo',
    async execute(context, params, checkpoint) {
      const target = targets.get(params.object)
      if (!target)
        throw new CrmError('unsupported', 'This version imports nothing into that object', { field: 'object' })
      const starter = context.as(params.starter)
      const own = new Set([`run:${params.runId}`, context.cause ?? ''])
      const counts = { removed: 0, restored: 0, kept: 0 }
      for (let sequence = params.batches - 1; sequence >= 0; sequence--) {
        const [row] = await context.storage.getMany('importBatch', [importBatchId(params.importId, sequence)])
        const batch = row as ImportBatch | undefined
        if (batch && !batch.undone) {
          const records = changedRecords(batch)
          for (const { outcome } of await undoBatch(starter, target, batch, records, own, maxBatch)) counts[outcome]++
        }
        await checkpoint.save({
          cursor: { sequence },
          done: params.batches - sequence,
          total: params.batches,
          counts,
        })
      }
      return counts
    },
  }
}

async function undoBatch(
  context: SessionContext,
  target: ImportTarget,
  batch: ImportBatch,
  records: readonly ChangeOfRecord[],
  own: ReadonlySet<string>,
  maxBatch: number,
): Promise<UndoneRecord[]> {
  let left = records
  let current = batch
  let size = Number.POSITIVE_INFINITY
  const undone: UndoneRecord[] = []
  for (;;) {
    const planned = fitting(context, await planUndo(context, target, batch, left.slice(0, size), own), maxBatch - 1)
    const last = planned.length === left.length
    try {
      current = await commitUndo(context, target, current, planned, last)
      size = Number.POSITIVE_INFINITY
    } catch (error) {
      if (!isRowError(error) || error.details.entity === 'importBatch') throw error
      if (planned.length > 1) {
        size = planned.length >> 1
        continue
      }
      const [lone] = planned as [UndoneRecord]
      const conflict: UndoConflict = { id: lone.id, reason: 'refused', message: error.message }
      const kept: UndoneRecord = { id: lone.id, outcome: 'kept', changes: [], conflicts: [conflict] }
      planned[0] = kept
      current = await commitUndo(context, target, current, planned, last)
    }
    undone.push(...planned)
    left = left.slice(planned.length)
    if (last) return undone
  }
}

function fitting(context: SessionContext, planned: readonly UndoneRecord[], mostWrites: number): UndoneRecord[] {
  let writes = 0
  const fit: UndoneRecord[] = []
  for (const record of planned) {
    writes += mostWritesOf(context, record.changes)
    if (fit.length > 0 && writes > mostWrites) break
    fit.push(record)
  }
  return fit
}

async function commitUndo(
  context: SessionContext,
  target: ImportTarget,
  batch: ImportBatch,
  planned: readonly UndoneRecord[],
  last: boolean,
): Promise<ImportBatch> {
  const gone = new Set(planned.map(({ id }) => id))
  const keep = (records: readonly ChangedRecord[]): ChangedRecord[] => records.filter(([id]) => !gone.has(id))
  const values = {
    created: keep(batch.created),
    updated: keep(batch.updated),
    conflicts: [...batch.conflicts, ...planned.flatMap(({ conflicts }) => conflicts)],
    undone: last,
  }
  const changes = planned.flatMap((record) => record.changes)
  const result = await commit(context, [
    ...changes,
    { kind: 'update', entity: 'importBatch', before: batch, values, implied: true },
  ])
  await target.settle?.(context, changes)
  return result.row('importBatch', batch.id) as ImportBatch
}

/** What a batch did to one record. */
interface ChangeOfRecord {
  readonly id: string
  readonly made: boolean
  /** Versions that the batch's changes made. */
  readonly versions: readonly number[]
}

function changedRecords({ created, updated }: ImportBatch): ChangeOfRecord[] {
  const made = new Set(created.map(([id]) => id))
  const versions = new Map<string, number[]>()
  for (const [id, version] of [...created, ...updated]) versions.set(id, [...(versions.get(id) ?? []), version])
  return [...versions].map(([id, list]) => ({ id, made: made.has(id), versions: list }))
}

/** Plans records from the first one on, up to one that derives what others of the batch derive. */
async function planUndo(
  context: SessionContext,
  target: ImportTarget,
  batch: ImportBatch,
  records: readonly ChangeOfRecord[],
  own: ReadonlySet<string>,
): Promise<UndoneRecord[]> {
  const { entity } = target
  const found = await context.storage.getMany(
    entity.name,
    records.map(({ id }) => id),
  )
  const rows = new Map(found.flatMap((row) => (row ? [[row.id, row] as const] : [])))
  const isUntouched = ({ id, made }: ChangeOfRecord): boolean => made && rows.get(id)?.version === 1
  const asked = records.filter((record) => !isUntouched(record)).map(({ id }) => id)
  const entries = await journalOf(context, entity, asked)
  const others = await otherRemovals(context, batch, records)
  const planned: UndoneRecord[] = []
  const derived = new DerivedClaims()
  for (const record of records) {
    const undone = await planRecord(record)
    const changes = [...undone.changes, ...(undone.outcome === 'kept' ? [] : (others.get(record.id) ?? []))]
    if (derived.clashesWith(changes)) break
    derived.add(changes)
    planned.push({ ...undone, changes })
  }
  return planned

  async function planRecord({ id, made, versions }: ChangeOfRecord): Promise<UndoneRecord> {
    const row = rows.get(id)
    const journal = entries.get(id) ?? []
    if (!row || row.deletedAt !== undefined) return keptRecord(id, 'deleted_since', 'was deleted since')
    if (!made) return planRestore(context, target, row, versions, own, journal)
    if (changedByOthers(journal, 1, own))
      return keptRecord(id, 'changed_since', 'was changed since it was imported; it stays')
    return { id, outcome: 'removed', changes: await removal(context, target, row), conflicts: [] }
  }
}

async function removal(context: SessionContext, target: ImportTarget, row: Row): Promise<EntityChange[]> {
  return [{ kind: 'delete', entity: target.entity.name, before: row }, ...(await target.planRemoval(context, row))]
}

/** The removals of what came with records, by record; what somebody changed or deleted since stays. One read a kind. */
async function otherRemovals(
  { storage }: SessionContext,
  { others = [] }: ImportBatch,
  records: readonly ChangeOfRecord[],
): Promise<ReadonlyMap<string, readonly EntityChange[]>> {
  const removals = new Map<string, EntityChange[]>()
  const concerned = new Set(records.map(({ id }) => id))
  const wanted = others.filter(([, , by]) => concerned.has(by))
  for (const entity of new Set(wanted.map(([name]) => name))) {
    const own = wanted.filter(([name]) => name === entity)
    const rows = await storage.getMany(
      entity,
      own.map(([, id]) => id),
    )
    for (const [index, row] of rows.entries()) {
      if (row?.version !== 1 || row.deletedAt !== undefined) continue
      const by = (own[index] as OtherRecord)[2]
      removals.set(by, [...(removals.get(by) ?? []), { kind: 'delete', entity, before: row, implied: true }])
    }
  }
  return removals
}

async function planRestore(
  context: SessionContext,
  target: ImportTarget,
  row: Row,
  versions: readonly number[],
  own: ReadonlySet<string>,
  journal: Parameters<typeof restoringPatch>[3],
): Promise<UndoneRecord> {
  const { patch, conflicts } = restoringPatch(target.entity, row, versions, journal, own)
  if (Object.keys(patch).length === 0)
    return { id: row.id, outcome: conflicts.length > 0 ? 'kept' : 'restored', changes: [], conflicts }
  try {
    const changes = await target.planChange(context, row, patch)
    return { id: row.id, outcome: 'restored', changes, conflicts }
  } catch (error) {
    if (!isRowError(error)) throw error
    const refused: UndoConflict = { id: row.id, reason: 'refused', message: error.message }
    return { id: row.id, outcome: 'kept', changes: [], conflicts: [...conflicts, refused] }
  }
}

function keptRecord(id: string, reason: UndoConflict['reason'], message: string): UndoneRecord {
  return { id, outcome: 'kept', changes: [], conflicts: [{ id, reason, message }] }
}
