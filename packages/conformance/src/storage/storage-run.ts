import type { Capabilities, StorageAdapter } from '@rapport/core/storage'
import { ConformanceError, show } from '../assertion.js'
import type { ConformanceReport, FailedCase, SkippedCase } from '../conformance-report.js'
import { createSeededRandom } from '../seeded-random.js'
import type { StorageConformanceOptions } from '../storage-conformance-options.js'
import { defineClosing } from './closing.js'
import type { CaseContext, DefineSuite, FreshTenant } from './conformance-case.js'
import type { Requirement } from './requirement.js'
import { specimenDefs } from './specimen.js'

/** One run of the kit over one adapter, which its cases share. */
export interface StorageRun {
  /** Registers the cases of a subject. */
  register(subject: string, defineSuite: DefineSuite): void
  /** Registers the cases that close the adapter, prove durability and report. Nothing may be registered after them. */
  registerEnd(): void
}

/** Makes the adapter, unopened, and a run over it. The first case that runs opens it. */
export async function createStorageRun(options: StorageConformanceOptions): Promise<StorageRun> {
  const seed = options.seed ?? randomSeed()
  const adapter = await options.create()
  const { capabilities } = adapter
  const newTenant = tenantSource(adapter)
  const passed: string[] = []
  const failed: FailedCase[] = []
  const skipped: SkippedCase[] = []
  const rounds = (basic: number, full: number): number => (options.level === 'basic' ? basic : full)

  let opening: Promise<void> | undefined
  const opened = (): Promise<void> => {
    opening ??= openPlanned(adapter)
    return opening
  }

  const registerCase = (name: string, run: () => Promise<void>, requirements: readonly Requirement[]): void => {
    const reason = unmetRequirement(capabilities, requirements)
    if (reason !== undefined) {
      skipped.push({ name, reason })
      options.test(`${name} (skipped: ${reason})`, async () => {})
      return
    }
    options.test(name, async () => {
      try {
        await opened()
        await run()
        passed.push(name)
      } catch (error) {
        const message = `seed ${seed}: ${error instanceof ConformanceError ? error.message : show(error)}`
        failed.push({ name, message })
        throw new ConformanceError(message, { cause: error })
      }
    })
  }

  return {
    register(subject, defineSuite) {
      defineSuite((title, run, ...requirements) => {
        const name = `${subject}: ${title}`
        const context = (): CaseContext => ({
          adapter,
          capabilities,
          random: createSeededRandom(seed, name),
          newTenant,
          ...newTenant(),
        })
        registerCase(name, () => run(context()), requirements)
      }, rounds)
    },
    registerEnd() {
      const closing = defineClosing({ adapter, options, newTenant })
      for (const { name, run, requirements } of closing) registerCase(name, run, requirements)
      options.test('report: the storage is disposed of', async () => {
        await adapter.close()
        await options.dispose?.(adapter)
        const report: ConformanceReport = { seed, passed, failed, skipped }
        options.onReport?.(report)
      })
    },
  }
}

async function openPlanned(adapter: StorageAdapter): Promise<void> {
  await adapter.open()
  await adapter.apply(await adapter.plan(specimenDefs))
}

function unmetRequirement(capabilities: Capabilities, requirements: readonly Requirement[]): string | undefined {
  for (const requirement of requirements) {
    const reason = requirement(capabilities)
    if (reason !== undefined) return reason
  }
  return undefined
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
