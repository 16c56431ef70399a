import type { CrmSession, ItemReport } from '@rapport/core'
import { inventPerson } from './invented-people.js'
import type { CdnowPurchase } from './read-cdnow.js'
import type { TerminalProgress } from './terminal-progress.js'

/** Name of the other system in every external ref of the import. */
export const cdnowSystem = 'cdnow'

/** Records per batch: each batch is there whole or not at all, whatever happens to the process. */
const batchSize = 500

/** What an import changed. */
export interface ImportReport {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
}

/** What every part of the preparation is given. */
export interface ImportOptions {
  readonly progress: TerminalProgress
  /** Stops between two batches, by throwing the signal's reason. */
  readonly signal: AbortSignal
}

/**
 * Imports customers and purchases by their ids in the log. Running it again after an interruption completes it; running it once
 * more changes nothing.
 */
export async function importCdnow(
  session: CrmSession,
  purchases: readonly CdnowPurchase[],
  options: ImportOptions,
): Promise<ImportReport> {
  const customerIds = [...new Set(purchases.map(({ customerId }) => customerId))]
  const reports: ItemReport[] = []
  const contactIds = new Map<number, string>()

  await inBatches(customerIds, 'Customers', options, async (batch) => {
    const outcomes = await session.contacts.upsertMany(
      batch.map((customerId) => {
        const { email, phone, ...name } = inventPerson(customerId)
        return {
          externalRef: { system: cdnowSystem, externalId: String(customerId) },
          ...name,
          emails: [{ address: email, type: 'home' as const }],
          ...(phone !== undefined && { phones: [{ number: phone, type: 'mobile' as const }] }),
          lifecycleStage: 'customer' as const,
          leadSource: 'cdnow',
        }
      }),
    )
    outcomes.forEach((outcome, index) => {
      contactIds.set(batch[index] as number, idOf(outcome))
    })
    reports.push(...outcomes)
  })

  await inBatches(purchases, 'Purchases', options, async (batch) => {
    const outcomes = await session.orders.recordMany(
      batch.map(({ line, customerId, day, cds, price }) => ({
        externalRef: { system: cdnowSystem, externalId: String(line) },
        contactId: contactIds.get(customerId) as string,
        placedAt: `${day}T00:00:00.000Z`,
        status: 'completed' as const,
        total: price,
        items: [{ name: 'CD', quantity: cds }],
      })),
    )
    for (const outcome of outcomes) idOf(outcome)
    reports.push(...outcomes)
  })

  const count = (outcome: ItemReport['outcome']): number => reports.filter((item) => item.outcome === outcome).length
  return { created: count('created'), updated: count('updated'), unchanged: count('unchanged') }
}

async function inBatches<T>(
  items: readonly T[],
  label: string,
  { progress, signal }: ImportOptions,
  write: (batch: readonly T[]) => Promise<void>,
): Promise<void> {
  const step = progress.step(label, items.length)
  for (let from = 0; from < items.length; from += batchSize) {
    signal.throwIfAborted()
    const batch = items.slice(from, from + batchSize)
    await write(batch)
    step.update(from + batch.length)
  }
  step.finish()
}

/** Bulk calls report on each item instead of throwing. Here nothing may fail, so the first failure ends the import. */
function idOf(report: ItemReport): string {
  if (report.outcome === 'failed') throw report.error
  return report.id
}
