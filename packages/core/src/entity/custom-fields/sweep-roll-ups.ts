import type { SystemReader } from '../../storage/storage-adapter.js'
import type { SessionContext } from '../session-context.js'

const notesAtOnce = 1_000

/** Settles roll-ups that were noted and not computed, because a process died or the storage failed between the two. */
export async function sweepPendingRollUps(
  reader: SystemReader,
  contextFor: (tenantId: string) => SessionContext,
): Promise<void> {
  const notes = await reader.find({ entity: 'pendingRollUp', order: ['id'], limit: notesAtOnce })
  if (notes.length === 0) return
  const { settleRollUps } = await import('./settle-roll-ups.js')
  const records = new Map<string, string[]>()
  for (const { tenantId, row } of notes) records.set(tenantId, [...(records.get(tenantId) ?? []), row.record as string])
  for (const [tenantId, names] of records) await settleRollUps(contextFor(tenantId), names)
}
