import type { StorageAdapter } from '@rapport/core/storage'
import { ConformanceError, show } from '../assertion.js'
import type { ConformanceReport, FailedCase, SkippedCase } from '../conformance-report.js'
import { kitVersion } from '../kit-version.js'
import { createSeededRandom } from '../seeded-random.js'
import type { StorageConformanceOptions } from '../storage-conformance-options.js'
import { defineClosing } from './closing.js'
import type { CaseContext, DefineSuite, FreshTenant } from './conformance-case.js'
import { replayHint } from './replay-hint.js'
import type { Requirement } from './requirement.js'
import { specimenDefs } from './specimen.js'

/** One run of the kit over one adapter, which its cases share. */
export interface StorageRun {
  /** Registers the cases of a subject. */
  register(subject: string, defineSuite: DefineSuite): void
  /**
   * Registers the cases that close the adapter, prove durability and report. Nothing may be registered after them. Throws
   * `TypeError` when `only` named none of the cases registered.
   */
  registerEnd(): void
}

/** Makes the adapter, unopened, and a run over it. The first case that runs opens it. */
export async function createStorageRun(options: StorageConformanceOptions): Promise<StorageRun> {
  const { level = 'full', only, seed = randomSeed() } = options
  const adapter = await options.create()
  const { capabilities } = adapter
  const newTenant = tenantSource(adapter)
  const passed: string[] = []
  const failed: FailedCase[] = []
  const skipped: SkippedCase[] = []
  const waiting = new Set<string>()
  const rounds = (basic: number, full: number): number => (level === 'basic' ? basic : full)
  const isWanted = (subject: string, name: string): boolean => only === undefined || only === subject || only === name

  let opening: Promise<void> | undefined
  const opened = (): Promise<void> => {
    opening ??= openPlanned(adapter)
    return opening
  }

  const registerSkip = (name: string, reason: string): void => {
    skipped.push({ name, reason })
    if (options.skip) options.skip(name, reason)
    else options.test(`${name} (skipped: ${reason})`, async () => {})
  }

  const registerCase = (name: string, run: () => Promise<void>, requirements: readonly Requirement[]): void => {
    const reason = requirements.map((requirement) => requirement(capabilities, options)).find(Boolean)
    if (reason !== undefined) {
      registerSkip(name, reason)
      return
    }
    waiting.add(name)
    options.test(name, async () => {
      waiting.delete(name)
      try {
        await opened()
        await run()
        passed.push(name)
      } catch (error) {
        const message = `seed ${seed}: ${error instanceof ConformanceError ? error.message : show(error)}`
        failed.push({ name, message })
        throw new ConformanceError(`${message}\n${replayHint({ seed, level }, name)}`, { cause: error })
      }
    })
  }

  return {
    register(subject, defineSuite) {
      defineSuite((title, run, ...requirements) => {
        const name = `${subject}: ${title}`
        if (!isWanted(subject, name)) return
        const context = (): CaseContext => ({
          adapter,
          capabilities,
          ports: options,
          random: createSeededRandom(seed, name),
          newTenant,
          ...newTenant(),
        })
        registerCase(name, () => run(context()), requirements)
      }, rounds)
    },
    registerEnd() {
      const closing = defineClosing({ adapter, options, newTenant })
      // Each of them goes on where the one before ended, so they come together or not at all.
      if (closing.cases.some(({ name }) => isWanted('closing', name))) {
        for (const { name, run, requirements } of closing.cases) registerCase(name, run, requirements)
      }
      if (waiting.size + skipped.length === 0) throw new TypeError(`options.only: the kit has no case "${only}"`)
      options.test('report: the storage is disposed of', async () => {
        await closing.end()
        await adapter.close()
        await options.dispose?.(adapter)
        const report: ConformanceReport = {
          kitVersion,
          adapter: adapter.name,
          level,
          seed,
          ...(only !== undefined && { only }),
          capabilities,
          passed,
          failed,
          skipped,
          notRun: [...waiting],
        }
        await options.onReport?.(report)
      })
    },
  }
}

async function openPlanned(adapter: StorageAdapter): Promise<void> {
  await adapter.open()
  await adapter.apply(await adapter.plan(specimenDefs))
}

/** Tenants are new in every run, also with the seed of an earlier one, because the storage may have kept that one's. */
function tenantSource(adapter: StorageAdapter): (suffix?: string) => FreshTenant {
  const run = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )
  let count = 0
  return (suffix = '') => {
    count++
    const tenantId = `kit-${run}-${String(count).padStart(4, '0')}${suffix}`
    return { tenantId, session: adapter.session({ tenantId }) }
  }
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!
}
