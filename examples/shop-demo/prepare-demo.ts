import { createHash } from 'node:crypto'
import type { Crm } from '@rapport/core'
import type { BackdatingClock } from './backdating-clock.js'
import type { DataDirectory } from './data-directory.js'
import { importCdnow } from './import-cdnow.js'
import type { CdnowPurchase } from './read-cdnow.js'
import { finishedScoring, scoreCustomers } from './score-customers.js'
import type { TerminalProgress } from './terminal-progress.js'
import { inventedEdition, writeInvented } from './write-invented.js'

/** The one tenant of the demo. */
export const demoTenantId = 'lantern-records'

/** What the preparation works with. */
export interface PreparationOptions {
  readonly crm: Crm
  readonly clock: BackdatingClock
  readonly directory: DataDirectory
  /** Text of the log, which tells whether it is the one imported before. */
  readonly logText: string
  readonly purchases: readonly CdnowPurchase[]
  readonly progress: TerminalProgress
  readonly signal: AbortSignal
}

/**
 * Has everything in the database: purchases, invented history, scores. What was finished before is skipped; what was interrupted
 * is completed. Returns whether there was anything to do.
 */
export async function prepareDemo(options: PreparationOptions): Promise<boolean> {
  const { crm, clock, directory, logText, purchases, progress, signal } = options
  const importer = crm.session({ tenantId: demoTenantId, actor: { type: 'import', id: 'cdnow', name: 'CDNOW log' } })
  const scorer = crm.session({ tenantId: demoTenantId, actor: { type: 'system', id: 'shop-demo' } })
  const log = createHash('sha256').update(logText).digest('hex')
  let worked = false

  if (directory.state.importedLog !== log) {
    const { created, updated } = await importCdnow(importer, purchases, { progress, signal })
    directory.remember({ importedLog: log })
    worked = created + updated > 0
  }
  if (directory.state.inventedEdition !== inventedEdition) {
    await writeInvented({ crm, tenantId: demoTenantId, clock, progress, signal })
    directory.remember({ inventedEdition })
    worked = true
  }
  if (worked || (await finishedScoring(scorer)) === undefined) {
    await scoreCustomers(scorer, { progress, signal })
    worked = true
  }
  return worked
}
