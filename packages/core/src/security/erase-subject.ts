import { suppress, valuesOf } from '../customers/index.js'
import type { EntityChange } from '../entity/entity-change.js'
import type { Checkpoint } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { deriveId } from '../kernel/id.js'
import { instantOf } from '../kernel/instant.js'
import { type Erasing, eraseActorNames, eraseProjections, eraseRecords } from './erase-records.js'
import type { ErasureMode } from './erasure-entity.js'
import { readIdentifiers } from './identifiers.js'
import { refuseHeld } from './legal-hold.js'
import { refuseWhileMerging, withMergedIds } from './merge-traces.js'
import { findSubjectRecords, type Subject } from './subject-records.js'
import { partsOf } from './subject-rows.js'
import { sweepRuns } from './sweep-runs.js'

/** Whom to erase, how and why. */
export interface ErasureOrder {
  readonly entity: string
  readonly id: string
  readonly mode: ErasureMode
  readonly reason: string
  readonly runId: string
  /** Whether the person must not come back: so when they asked for it, not when their time is over. */
  readonly suppresses: boolean
}

/** What an erasure did. */
export interface ErasureCounts {
  /** Rows that were changed or removed: records, projections and journal entries. */
  readonly erased: number
  /** Addresses, numbers and foreign ids that were newly suppressed. */
  readonly suppressed: number
}

const recordsPerPart = 100

/**
 * Erases a subject from every entity, its own record last: until then a repetition after a crash finds all that is left. Doing it
 * again changes nothing.
 *
 * Throws `rule_violated` (reason `legal_hold`) or `conflict` (reason `merging`) before anything is changed.
 */
export async function eraseSubject(
  context: SessionContext,
  order: ErasureOrder,
  progress: Pick<Checkpoint, 'signal'> & { done(count: number): Promise<void> },
): Promise<ErasureCounts> {
  const { entity: name, mode } = order
  const ids = await withMergedIds(context, name, order.id)
  const subject: Subject = { entity: name, ids }
  await refuseWhileMerging(context, name, ids)
  const found = await findSubjectRecords(context, subject, progress.signal)
  await refuseHeld(context, found.records)
  const identifiers = await readIdentifiers(context, subject)
  const erasing: Erasing = { context, mode, found, identifiers, signal: progress.signal }
  const suppressed = order.suppresses && name === 'contact' ? await suppressContacts(context, ids) : 0
  let erased = 0
  const add = async (count: number): Promise<void> => {
    erased += count
    await progress.done(erased)
  }
  await add(await sweepRuns(erasing))
  for (const projection of found.projections.keys()) await add(await eraseProjections(erasing, projection))
  for (const [entity, members] of found.records) {
    if (entity === name) continue
    for (const part of partsOf(members, recordsPerPart))
      await add(await eraseRecords(erasing, context.registry.get(entity), part))
  }
  await add(await eraseActorNames(erasing, name, ids))
  const evidence = await planEvidence(context, order)
  for (const [index, part] of partsOf(ids, recordsPerPart).entries()) {
    const last = (index + 1) * recordsPerPart >= ids.length
    const more = async (changes: number): Promise<readonly EntityChange[]> =>
      last ? [...(await planKeyDestruction(erasing)), ...(erased + changes > 0 ? evidence : [])] : []
    await add(await eraseRecords(erasing, context.registry.get(name), part, more))
  }
  return { erased, suppressed }
}

/** What destroys the keys that values of the subject were encrypted with: copies of them stay closed, wherever they are. */
async function planKeyDestruction({ context, found }: Erasing): Promise<readonly EntityChange[]> {
  const { encryption } = context
  if (!encryption) return []
  const members = [...found.records, ...found.projections].filter(([entity]) => encryption.sealing.plan.has(entity))
  return encryption.planDestruction(members.flatMap(([type, rows]) => [...rows.keys()].map((id) => ({ type, id }))))
}

/** Keeps the addresses, numbers and foreign ids of contacts from coming back. */
async function suppressContacts(context: SessionContext, ids: readonly string[]): Promise<number> {
  const rows = await context.storage.getMany('contact', ids)
  const values = rows.flatMap((row) => (row ? valuesOf(row as Parameters<typeof valuesOf>[0]) : []))
  return suppress(context, values, 'erased')
}

/** The record that shows that it was done. */
async function planEvidence(context: SessionContext, order: ErasureOrder): Promise<EntityChange[]> {
  const { entity, id: recordId, mode, reason, runId } = order
  const id = deriveId('erasure', entity, recordId)
  const [before] = await context.storage.getMany('erasure', [id])
  const values = { objectType: entity, recordId, mode, reason, runId, erasedAt: instantOf(context.clock.now()) }
  const events = entity === 'contact' ? [{ type: 'contact.erased', data: { contactId: recordId, mode } }] : []
  return before
    ? [{ kind: 'update', entity: 'erasure', before, values, events, implied: true }]
    : [{ kind: 'create', entity: 'erasure', id, values, events, implied: true }]
}
