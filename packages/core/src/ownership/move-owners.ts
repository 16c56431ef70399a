import { commit } from '../entity/commit.js'
import type { PlannedEvent } from '../entity/domain-event.js'
import type { EntityChange } from '../entity/entity-change.js'
import type { Checkpoint } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError, isCrmError } from '../kernel/crm-error.js'
import type { Row, Scalar } from '../storage/row.js'
import type { OwnedEntity } from './owned-entities.js'
import { type MovedRecord, type OwnerMove, ownerMoveId } from './owner-move-entity.js'

/** Most records that change hands at once. */
const mostRecords = 1_000
/** How often one record is tried that others keep changing. */
const attemptsPerRecord = 20

/** Order values of a row: a place in a list. */
export type Place = readonly (Scalar | null)[]

/** A record and its next owner; `null` puts it into the pool. */
export interface OwnerChange {
  readonly row: Row
  readonly to: string | null
  readonly events?: readonly PlannedEvent[]
}

/** Where records that change hands come from. */
export interface OwnerChanges {
  readonly owned: OwnedEntity
  /** What to do with the next records behind a place, at most `limit`, and the place behind them; `undefined` at the end. */
  next(
    place: Place | undefined,
    limit: number,
    movedBefore: number,
  ): Promise<{ readonly changes: readonly OwnerChange[]; readonly place: Place } | undefined>
}

/** Counts by entity. */
export type ObjectCounts = Readonly<Record<string, number>>

interface Progress {
  /** Of the source at work. */
  readonly source: number
  readonly place?: Place
  /** Of the next batch. */
  readonly sequence: number
  readonly counts: ObjectCounts
}

/** The id of the run that a context works for. */
export function runIdOf(context: SessionContext): string {
  return context.cause?.replace(/^run:/, '') ?? ''
}

/**
 * Lets records change hands in batches of at most 1,000, one write each, and gives back how many did. Goes on behind the last batch
 * that was written, wherever it was interrupted. A batch that somebody else's write came into is read again, in halves.
 */
export async function moveOwners(
  context: SessionContext,
  sources: readonly OwnerChanges[],
  checkpoint: Checkpoint,
  options: { readonly mostWrites: number; readonly total?: number },
): Promise<ObjectCounts> {
  const runId = runIdOf(context)
  // The note of the batch is one write. A record is two, itself and its journal; as many again may follow from it.
  const most = Math.min(mostRecords, (options.mostWrites - 1) >> 2)
  let progress = await withUnsaved(context, runId, sources, checkpoint.cursor as Progress | undefined)
  const save = (): Promise<void> =>
    checkpoint.save({
      cursor: { ...progress },
      done: Object.values(progress.counts).reduce((sum, count) => sum + count, 0),
      ...(options.total !== undefined && { total: options.total }),
      counts: progress.counts,
    })
  await save()
  let [size, attempts] = [most, 0]
  for (let source = sources[progress.source]; source; source = sources[progress.source]) {
    const { entity } = source.owned
    const moved = progress.counts[entity.name] ?? 0
    const batch = await source.next(progress.place, size, moved)
    if (!batch) {
      progress = { source: progress.source + 1, sequence: progress.sequence, counts: progress.counts }
      continue
    }
    const { changes, place } = batch
    if (changes.length > 0) {
      try {
        await commit(context, planMove(runId, progress.sequence, source.owned, batch))
        ;[size, attempts] = [Math.min(most, size * 2), 0]
      } catch (error) {
        if (isCrmError(error, 'conflict') && error.details.entity === 'ownerMove') throw takenOver()
        if (!isOvertaken(error, entity.name) || (size === 1 && ++attempts === attemptsPerRecord)) throw error
        size = Math.max(1, size >> 1)
        continue
      }
    }
    const counts = { ...progress.counts, [entity.name]: moved + changes.length }
    progress = { source: progress.source, place, sequence: progress.sequence + Math.sign(changes.length), counts }
    await save()
  }
  return progress.counts
}

/** An attempt that died behind its last batch told nobody but the batch itself. */
async function withUnsaved(
  context: SessionContext,
  runId: string,
  sources: readonly OwnerChanges[],
  saved: Progress = { source: 0, sequence: 0, counts: {} },
): Promise<Progress> {
  const [note] = (await context.storage.getMany('ownerMove', [ownerMoveId(runId, saved.sequence)])) as [OwnerMove?]
  if (!note) return saved
  const counts = { ...saved.counts, [note.object]: (saved.counts[note.object] ?? 0) + note.moved.length }
  const source = sources.findIndex(({ owned }) => owned.entity.name === note.object)
  return { source, place: note.place, sequence: saved.sequence + 1, counts }
}

function planMove(
  runId: string,
  sequence: number,
  { entity, ownerField }: OwnedEntity,
  { changes, place }: { readonly changes: readonly OwnerChange[]; readonly place: Place },
): EntityChange[] {
  const moved = changes.map(({ row }): MovedRecord => [row.id, row.version + 1, row[ownerField] as string])
  const values = { runId, sequence, object: entity.name, moved, place }
  return [
    ...changes.map(
      ({ row, to, events }): EntityChange => ({
        kind: 'update',
        entity: entity.name,
        before: row,
        values: { [ownerField]: to },
        ...(events && { events }),
      }),
    ),
    { kind: 'create', entity: 'ownerMove', id: ownerMoveId(runId, sequence), values, implied: true },
  ]
}

/** Whether a record was changed or removed after it was read. */
export function isOvertaken(error: unknown, entity: string): boolean {
  return (isCrmError(error, 'conflict') || isCrmError(error, 'not_found')) && error.details.entity === entity
}

function takenOver(): CrmError {
  return new CrmError('aborted', 'Another worker goes on with the run', { reason: 'taken_over' })
}
