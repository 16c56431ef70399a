import { readFileSync } from 'node:fs'
import type { StorageAdapter, StorageSession } from '@rapport/core/storage'
import { memoryStorage } from '@rapport/core/storage/memory'
import { describe, expect, test } from 'vitest'
import { type ConformanceReport, runStorageConformance, type StorageFaults } from '../index.js'
import { type Wrapping, wrappedStorage } from './broken/wrapped-storage.js'
import { writeFaults } from './broken/write-faults.js'
import { collectRun } from './collected-run.js'
import { weakStorage } from './weak-storage.js'

type Forgetting = (inner: StorageSession) => Partial<StorageSession>

/** Storages over one memory that outlives them, as a directory would; one of them may forget something. */
function durableStorage({
  losing = [],
}: {
  losing?: readonly string[]
} = {}): (forgetting?: Forgetting) => StorageAdapter {
  const kept = memoryStorage()
  return (forgetting = () => ({})) => {
    let isOpen = false
    const refuse = async (): Promise<never> => {
      const closed = memoryStorage()
      await closed.close()
      throw await closed.plan([]).catch((error: unknown) => error)
    }
    const whenOpen = async <T>(call: () => Promise<T>): Promise<T> => (isOpen ? call() : refuse())
    const wrapping: Wrapping = {
      capabilities: { durable: true },
      adapter: () => ({
        async open() {
          await kept.open()
          isOpen = true
        },
        plan: (target, options) => whenOpen(() => kept.plan(target, options)),
        async close() {
          isOpen = false
        },
        async *tenants(options) {
          if (!isOpen) await refuse()
          yield* kept.tenants(options)
        },
      }),
      session: (inner) => ({
        getMany: (entity, ids, options) => whenOpen(() => inner.getMany(entity, ids, options)),
        find: (query) => whenOpen(() => inner.find(query)),
        write: (batch, options) =>
          whenOpen(() =>
            inner.write(
              batch.map((write) =>
                write.do === 'insert' && losing.includes(String(write.row.name))
                  ? { ...write, row: { ...write.row, score: 0 } }
                  : write,
              ),
              options,
            ),
          ),
        ...forgetting(inner),
      }),
    }
    return wrappedStorage(wrapping, kept)
  }
}

describe('a weak storage', () => {
  test('passes, and each skip names the capability that explains it', { timeout: 60_000 }, async () => {
    const { registered, report } = await collectRun({ create: weakStorage, level: 'basic', seed: 7 })
    expect(report.failed).toEqual([])
    expect(report.passed.length).toBeGreaterThan(100)
    const reasons = new Set(report.skipped.map(({ reason }) => reason))
    expect([...reasons].sort()).toEqual(
      [
        'no counter option is given',
        'no faults option is given',
        'no hostTransaction option is given',
        "capabilities.changes is 'none'",
        'capabilities.aggregate is false',
        'capabilities.durable is false',
        'capabilities.load is false',
        "capabilities.order is 'indexed'",
        'capabilities.search is false',
        'capabilities.system is false',
        "capabilities.transaction is 'none'",
        'capabilities.unique is false',
        'capabilities.watch is false',
      ].sort(),
    )
    for (const { name } of report.skipped) expect(registered).toContain(name)
  })
})

describe('the run', () => {
  test('over a sound storage fails nothing with the seed and level that the faults are caught with', async () => {
    const { report } = await collectRun({ create: () => wrappedStorage({}), level: 'basic', seed: 20_260_301 })
    expect(report.failed).toEqual([])
    expect(report.passed.length).toBeGreaterThan(190)
  })

  test('repeats its random choices with the same seed, and puts the seed before every message', {
    timeout: 30_000,
  }, async () => {
    const { create } = writeFaults.find(({ title }) => title === 'upserts by merging')!
    const failures = async (seed: number): Promise<string[]> => {
      const { report } = await collectRun({ create, level: 'basic', seed })
      return report.failed
        .map(({ name, message }) => `${name}: ${message}`)
        .filter((line) => line.startsWith('differential'))
    }
    const first = await failures(4_711)
    expect(first.length).toBeGreaterThan(0)
    expect(first.every((line) => line.includes(': seed 4711: '))).toBe(true)
    expect(await failures(4_711)).toEqual(first)
    expect(await failures(4_712)).not.toEqual(first.map((line) => line.replace('4711', '4712')))
  })

  test('creates one adapter, reports once, and disposes of it after it is closed', { timeout: 60_000 }, async () => {
    const created: StorageAdapter[] = []
    const disposed: StorageAdapter[] = []
    const { registered, report } = await collectRun({
      create: () => {
        const storage = memoryStorage()
        created.push(storage)
        return storage
      },
      dispose: async (storage) => {
        disposed.push(storage)
        await expect(storage.plan([])).rejects.toMatchObject({ code: 'storage_failed' })
      },
      level: 'basic',
    })
    expect(created).toHaveLength(1)
    expect(disposed).toEqual(created)
    expect(report.failed).toEqual([])
    expect(new Set(registered).size).toBe(registered.length)
    expect(report.passed.length + report.skipped.length).toBe(registered.length)
    expect(report.notRun).toEqual([])
  })

  test('covers every subject of the contract', async () => {
    const registered: string[] = []
    await runStorageConformance({ test: (name) => registered.push(name), create: () => memoryStorage() })
    const subjects = new Set(registered.map((name) => name.slice(0, name.indexOf(':'))))
    expect([...subjects]).toEqual([
      'capabilities',
      'values',
      'writes',
      'filters',
      'json filters',
      'order',
      'cursors',
      'limits',
      'atomicity',
      'versions',
      'uniqueness',
      'aggregates',
      'buckets',
      'search',
      'changes',
      'load',
      'transactions',
      'host transactions',
      'isolation',
      'aborting',
      'faults',
      'costs',
      'differential',
      'schema',
      'closing',
      'report',
    ])
  })

  test('repeats one case alone, with the choices it had in the whole run', { timeout: 60_000 }, async () => {
    const { create } = writeFaults.find(({ title }) => title === 'upserts by merging')!
    const whole = await collectRun({ create, level: 'basic', seed: 4_711 })
    const failure = whole.report.failed.find(({ name }) => name.startsWith('differential: random batches'))!
    const alone = await collectRun({ create, level: 'basic', seed: 4_711, only: failure.name })
    expect(alone.registered).toEqual([failure.name])
    expect(alone.report.failed).toEqual([failure])
    expect(alone.report.only).toBe(failure.name)
  })

  test('names the cases that its runner left out', async () => {
    const reports: ConformanceReport[] = []
    const cases: (() => Promise<void>)[] = []
    await runStorageConformance({
      test: (_, run) => cases.push(run),
      create: () => memoryStorage(),
      only: 'capabilities',
      onReport: (report) => reports.push(report),
    })
    await cases[0]?.()
    await cases.at(-1)?.()
    expect(reports[0]?.passed).toHaveLength(1)
    expect(reports[0]?.notRun).toHaveLength(cases.length - 2)
  })

  test('reports the version of its package', async () => {
    const { report } = await collectRun({ create: () => memoryStorage(), only: 'capabilities' })
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(report).toMatchObject({ kitVersion: manifest.version, adapter: 'memory', level: 'full' })
  })

  test('refuses options of the wrong form', async () => {
    const create = (): StorageAdapter => memoryStorage()
    const none = undefined as unknown as () => void
    await expect(runStorageConformance({ test: none, create })).rejects.toThrow(TypeError)
    await expect(runStorageConformance({ test, create: none as unknown as typeof create })).rejects.toThrow(TypeError)
    await expect(runStorageConformance({ test, create, seed: 0.5 })).rejects.toThrow(TypeError)
    const register = (): void => {}
    await expect(runStorageConformance({ test: register, create, only: 'no such case' })).rejects.toThrow(TypeError)
    const faults = {} as unknown as StorageFaults
    await expect(runStorageConformance({ test: register, create, faults })).rejects.toThrow('faults.cutBefore')
  })
})

describe('durability', () => {
  const lasting = 'closing: an acknowledged row is there when the storage is opened again'

  test('is proven by opening the storage again', { timeout: 60_000 }, async () => {
    const create = durableStorage()
    const { report } = await collectRun({
      create: () => create(),
      reopen: () => create(),
      level: 'basic',
      only: 'closing',
    })
    expect(report.failed).toEqual([])
    expect(report.passed).toContain(lasting)
  })

  test('of a storage that keeps only some of a row is disproven', { timeout: 60_000 }, async () => {
    const create = durableStorage({ losing: ['kept'] })
    const { report } = await collectRun({
      create: () => create(),
      reopen: () => create(),
      level: 'basic',
      only: 'closing',
    })
    expect(report.failed.map(({ name }) => name)).toContain(lasting)
  })

  test('of a storage that starts empty again is disproven', { timeout: 60_000 }, async () => {
    const create = durableStorage()
    const { report } = await collectRun({
      create: () => create(),
      reopen: () => durableStorage()(),
      level: 'basic',
      only: 'closing',
    })
    expect(report.failed.map(({ name }) => name)).toEqual([
      lasting,
      'closing: versions count on when the storage is opened again',
      'closing: unique values stay taken when the storage is opened again',
      'closing: the change feed goes on behind the place reached before the storage was closed',
    ])
  })

  test.each([
    [
      'counts versions anew',
      'closing: versions count on when the storage is opened again',
      (inner: StorageSession): Partial<StorageSession> => ({
        async getMany(entity, ids) {
          const rows = await inner.getMany(entity, ids)
          return rows.map((row) => row && { ...row, version: 1 })
        },
      }),
    ],
    [
      'forgets which values are unique',
      'closing: unique values stay taken when the storage is opened again',
      (inner: StorageSession): Partial<StorageSession> => ({
        write: (batch) =>
          inner.write(
            batch.map((write) =>
              write.do === 'insert' ? { ...write, row: { ...write.row, uniqueKey: write.row.id } } : write,
            ),
          ),
      }),
    ],
    [
      'begins its feed anew',
      'closing: the change feed goes on behind the place reached before the storage was closed',
      (inner: StorageSession): Partial<StorageSession> => ({ changes: (_, limit) => inner.changes!(undefined, limit) }),
    ],
    [
      'brings deleted rows back',
      lasting,
      (inner: StorageSession): Partial<StorageSession> => ({
        async getMany(entity, ids) {
          const rows = await inner.getMany(entity, ids)
          return rows.map((row, index) => row ?? { id: ids[index]!, version: 1, stage: 'open' })
        },
      }),
    ],
  ] as const)('of a storage that %s is disproven', { timeout: 60_000 }, async (_, caughtBy, forgetting) => {
    const create = durableStorage()
    const reopen = (): StorageAdapter => create(forgetting)
    const { report } = await collectRun({ create: () => create(), reopen, level: 'basic', only: 'closing' })
    expect(report.failed.map(({ name }) => name)).toContain(caughtBy)
  })

  test('cannot be proven without a way to open it again, and the skip says so', { timeout: 60_000 }, async () => {
    const { report } = await collectRun({ create: () => durableStorage()(), level: 'basic', only: 'closing' })
    expect(report.skipped).toContainEqual({ name: lasting, reason: 'no reopen option is given' })
  })
})
