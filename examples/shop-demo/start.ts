import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Clock, type Crm, createCrm, isCrmError, scoringInWorker, systemClock } from '@rapport/core'
import { pgliteStorage } from '@rapport/postgres'
import { backdatingClock } from './backdating-clock.js'
import { openDataDirectory } from './data-directory.js'
import { gatherFacts } from './demo-facts.js'
import { readSettings } from './demo-settings.js'
import { isLoopback } from './own-requests.js'
import { demoTenantId, prepareDemo } from './prepare-demo.js'
import { readCdnow } from './read-cdnow.js'
import { type DemoServer, listen } from './server.js'
import { findShopCustomers } from './shop-customers.js'
import { createSite } from './site.js'
import { StartRefusal } from './start-refusal.js'
import { readStaticFiles } from './static-files.js'
import { terminalProgress } from './terminal-progress.js'

const exampleFolder = folderOfExample()
const files = readStaticFiles(new URL('public/', import.meta.url))

const report = (error: unknown): void => console.error(error)
const stop = stopSignal()

try {
  await run(stop)
} catch (error) {
  if (!stop.aborted) {
    // What a person can mend is one sentence; anything else is a defect and says where.
    console.error(error instanceof StartRefusal ? error.message : error)
    process.exitCode = 1
  }
}

/** Prepares everything, serves until asked to stop, and closes what it opened, in turn. */
async function run(signal: AbortSignal): Promise<void> {
  const settings = readSettings(process.env, exampleFolder)
  const logText = readLog(settings.purchaseLog)
  const purchases = readCdnow(logText, basename(settings.purchaseLog))
  const directory = openDataDirectory(settings.dataDirectory)
  let server: DemoServer | undefined
  let crm: Crm | undefined
  try {
    server = await listen(settings, report)
    console.log(`Preparing ${server.address}/`)
    const clock = backdatingClock(systemClock)
    const opening = terminalProgress(process.stdout).step('Database', 1)
    crm = await openCrm(directory.database, clock)
    directory.remember({ databaseComplete: true })
    opening.finish('open')

    const progress = terminalProgress(process.stdout)
    await prepareDemo({ crm, clock, directory, logText, purchases, progress, signal })
    const session = crm.session({ tenantId: demoTenantId, actor: { type: 'system', id: 'shop-demo' } })
    const facts = await gatherFacts(session, purchases)
    const customers = await findShopCustomers(session)
    server.open(
      createSite({ crm, tenantId: demoTenantId, facts, purchases, customers, files, exampleFolder, onError: report }),
    )
    signal.throwIfAborted()

    console.log(`
  Storefront   ${server.address}/
  Back office  ${server.address}/admin

  ${facts.customers.toLocaleString('en-US')} customers and ${facts.orders.toLocaleString('en-US')} purchases, scored as of ${facts.asOf}. Ctrl-C stops.
`)
    if (!isLoopback(settings.host)) {
      console.log('  HOST lets other machines in: everybody who reaches this one is staff in the back office.\n')
    }
    await aborted(signal)
  } finally {
    await server?.close()
    await crm?.close()
    directory.release()
  }
}

async function openCrm(dataDir: string, clock: Clock): Promise<Crm> {
  try {
    // Scores are computed in a thread of their own, so that pages are answered meanwhile.
    const scoring = scoringInWorker(() => new Worker(new URL('scoring-worker.js', import.meta.url)))
    return await createCrm({ storage: pgliteStorage({ dataDir }), clock, scoring, onError: report })
  } catch (error) {
    if (!isCrmError(error, 'storage_failed')) throw error
    throw new StartRefusal(
      `The database ${dataDir} cannot be opened: delete the data directory to begin anew, or choose another with DATA_DIR.`,
    )
  }
}

/** The folder with the sources and the data, above wherever this file was built to. */
function folderOfExample(): URL {
  let folder = new URL('./', import.meta.url)
  while (!existsSync(new URL('package.json', folder))) folder = new URL('../', folder)
  return folder
}

function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new StartRefusal(`The purchase log ${file} cannot be read (${code}): check CDNOW_CSV.`)
  }
}

/** Fires on Ctrl-C and SIGTERM. A second Ctrl-C does not wait. */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort()
    })
  }
  return controller.signal
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
