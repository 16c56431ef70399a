import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { DataDirectoryState } from './data-directory.js'
import { builtFromSources, startDemo } from './demo-process.fixture.js'
import { readCdnow } from './read-cdnow.js'
import { seededNumbers } from './seeded-numbers.js'
import { inspectStoredPurchases } from './stored-purchases.fixture.js'

const purchases = readCdnow(readFileSync(new URL('data/cdnow_sample.csv', import.meta.url), 'utf8'), 'cdnow_sample.csv')

/** What the demo says on its way; a kill follows some time after one of these, by turns. The empty text is its start. */
const milestones = [' 2,357\n', 'Purchases', 'Database', '', 'Customers'] as const
/** Longest time between a milestone and the kill, in milliseconds: less than the import takes on any machine. */
const longestWaitMs = 1_000

/**
 * Kills the demo without warning at moments that a seed decides, looks into the database after each, and lets a last run complete.
 * A directory whose import was completed before the kill makes way for a new one; the last run then completes that.
 */
export async function killRounds({ rounds, seed }: { readonly rounds: number; readonly seed: string }): Promise<void> {
  const script = await builtFromSources(`killed-${seed}`)
  const numbers = seededNumbers(seed, 'moments')
  let directory = newDirectory()
  let partial = 0
  try {
    for (let round = 1; round <= rounds; round++) {
      const demo = startDemo(script, { DATA_DIR: directory })
      await demo.said(milestones[(round - 1) % milestones.length] as string)
      await sleep(numbers.below(longestWaitMs))
      await demo.stop('SIGKILL')
      expect(demo.output.stderr, `round ${round} of seed ${seed}`).toBe('')

      const { databaseComplete, importedLog } = stateOf(directory)
      if (!databaseComplete) continue
      const stored = await inspectStoredPurchases(join(directory, 'database'), purchases)
      expect(stored.faults, `round ${round} of seed ${seed}`).toEqual([])
      if (stored.orders > 0 && stored.orders < purchases.length) partial++
      if (importedLog === undefined || round === rounds) continue
      rmSync(directory, { recursive: true })
      directory = newDirectory()
    }
    const demo = startDemo(script, { DATA_DIR: directory })
    await demo.ready()
    expect(await demo.stop('SIGINT')).toEqual({ code: 0, signal: null })
    const stored = await inspectStoredPurchases(join(directory, 'database'), purchases)
    expect(stored).toEqual({ orders: 6_919, contacts: 2_357, faults: [] })
    // Otherwise no kill hit the import, and nothing was proved.
    expect(partial, `kills of seed ${seed} within the import`).toBeGreaterThan(0)
  } finally {
    rmSync(directory, { recursive: true, force: true })
    rmSync(new URL(`dist/killed-${seed}`, import.meta.url), { recursive: true, force: true })
  }
}

function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'rapport-demo-'))
}

function stateOf(directory: string): Partial<DataDirectoryState> {
  try {
    return JSON.parse(readFileSync(join(directory, 'shop-demo.json'), 'utf8')) as DataDirectoryState
  } catch {
    return {}
  }
}
