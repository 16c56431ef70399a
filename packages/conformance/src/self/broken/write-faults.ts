import {
  CrmError,
  isCrmError,
  type Row,
  type StorageSession,
  type Write,
  type WriteResult,
  writtenId,
} from '@rapport/core/storage'
import { pause } from '../../storage/writing.js'
import type { Fault } from './fault.js'
import { wrappedStorage } from './wrapped-storage.js'

const rewriting = (rewrite: (write: Write) => Write) => () =>
  wrappedStorage({
    session: (inner) => ({ write: (batch, options) => inner.write(batch.map(rewrite), options) }),
  })

function withoutVersion(write: Write): Write {
  if (write.do !== 'patch' && write.do !== 'delete') return write
  const { ifVersion, ...rest } = write
  return rest
}

async function writeOneByOne(inner: StorageSession, batch: readonly Write[]): Promise<WriteResult[]> {
  const results: WriteResult[] = []
  for (const [writeIndex, write] of batch.entries()) {
    try {
      results.push(...(await inner.write([write])))
    } catch (error) {
      if (!isCrmError(error)) throw error
      throw new CrmError(error.code, error.message, { ...error.details, writeIndex }, { cause: error })
    }
  }
  return results
}

/** Adds by reading, waiting and setting, as a backend without arithmetic would. */
async function addByReading(inner: StorageSession, batch: readonly Write[]): Promise<WriteResult[]> {
  const [write] = batch
  if (batch.length !== 1 || write?.do !== 'patch' || !write.add || write.ifVersion !== undefined)
    return inner.write(batch)
  const { add, ...rest } = write
  const [row] = await inner.getMany(write.entity, [write.id])
  await pause(0)
  const values = Object.fromEntries(
    Object.entries(add).map(([path, addend]) => [path, Number(row?.[path] ?? 0) + addend]),
  )
  const [result] = await inner.write([{ ...rest, set: { ...write.set, ...values } }])
  return result ? [{ ...result, values: { ...result.values, ...values } }] : []
}

/** Looks at checked rows first and writes later, without holding them in between. */
async function checkBeforeWriting(inner: StorageSession, batch: readonly Write[]): Promise<WriteResult[]> {
  const checks = batch.filter((write) => write.do === 'check')
  const changes = batch.filter((write) => write.do !== 'check')
  if (checks.length === 0 || changes.length === 0) return inner.write(batch)
  await inner.write(checks)
  await pause(0)
  const results = new Map((await inner.write(changes)).map((result) => [result.id, result]))
  return batch.map((write) => results.get(writtenId(write)) ?? { id: writtenId(write), version: 1 })
}

function withoutMilliseconds(write: Write): Write {
  const cut = <T>(fields: T): T =>
    JSON.parse(JSON.stringify(fields), (_, value: unknown) =>
      typeof value === 'string' ? value.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{3}Z$/, '$1.000Z') : value,
    ) as T
  if (write.do === 'insert' || write.do === 'upsert') return { ...write, row: cut(write.row) }
  return write.do === 'patch' && write.set ? { ...write, set: cut(write.set) } : write
}

function withoutEmptyText(write: Write): Write {
  if (write.do !== 'insert') return write
  const kept = Object.entries(write.row).filter(([, value]) => value !== '')
  return { ...write, row: { ...Object.fromEntries(kept), id: write.row.id } }
}

/** Faults in `write`. */
export const writeFaults: readonly Fault[] = [
  {
    title: 'writes a batch one by one',
    create: () => wrappedStorage({ session: (inner) => ({ write: (batch) => writeOneByOne(inner, batch) }) }),
    caughtBy: [
      'atomicity: nothing is stored when a patch of a missing row comes first, in the middle or last',
      'atomicity: a batch that failed leaves unique values free',
    ],
  },
  {
    title: 'ignores ifVersion',
    create: rewriting(withoutVersion),
    caughtBy: [
      'versions: a write at another version fails with conflict, and changes nothing',
      'versions: of writers who expect the same version exactly one wins each round',
    ],
  },
  {
    title: 'adds by reading first',
    create: () => wrappedStorage({ session: (inner) => ({ write: (batch) => addByReading(inner, batch) }) }),
    caughtBy: ['versions: no addition is lost among concurrent writers'],
  },
  {
    title: 'counts the version up in spite of touch: false',
    create: rewriting((write) => {
      if (write.do !== 'patch') return write
      const { touch, ...rest } = write
      return rest
    }),
    caughtBy: [
      'writes: touch: false changes values and leaves the version',
      'changes: a patch with touch: false appears, at the version the row keeps',
    ],
  },
  {
    title: 'merges json instead of replacing it',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          async write(batch, options) {
            const [write] = batch
            if (batch.length !== 1 || write?.do !== 'patch') return inner.write(batch, options)
            const custom = write.set?.custom
            const [row] = await inner.getMany(write.entity, [write.id])
            const merge =
              typeof custom === 'object' && custom !== null && !Array.isArray(custom) && !Array.isArray(row?.custom)
            if (!merge || typeof row?.custom !== 'object') return inner.write(batch, options)
            return inner.write([{ ...write, set: { ...write.set, custom: { ...row.custom, ...custom } } }], options)
          },
        }),
      }),
    caughtBy: ['writes: arrays and json replace whole'],
  },
  {
    title: 'upserts by merging',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          async write(batch, options) {
            const merged = await Promise.all(
              batch.map(async (write): Promise<Write> => {
                if (write.do !== 'upsert') return write
                const [row] = await inner.getMany(write.entity, [write.row.id])
                return { ...write, row: { ...row, ...write.row } }
              }),
            )
            return inner.write(merged, options)
          },
        }),
      }),
    caughtBy: ['writes: upsert inserts, or replaces all of the row and counts the version up'],
  },
  {
    title: 'cuts milliseconds off',
    create: rewriting(withoutMilliseconds),
    caughtBy: ['values: instants keep their milliseconds, from year 1 to year 9999'],
  },
  {
    title: 'takes the empty string for a missing value',
    create: rewriting(withoutEmptyText),
    caughtBy: ['filters: eq with the empty string finds the empty string, not the missing value'],
  },
  {
    title: 'checks before it writes',
    create: () => wrappedStorage({ session: (inner) => ({ write: (batch) => checkBeforeWriting(inner, batch) }) }),
    caughtBy: ['versions: of two batches that each check what the other changes at most one goes through'],
  },
  {
    title: 'keeps what was read by version and hands it out again',
    create: () => {
      const kept = new Map<string, Row>()
      return wrappedStorage({
        session: (inner, { tenantId }) => ({
          async getMany(entity, ids, options) {
            const rows = await inner.getMany(entity, ids, options)
            return rows.map((row) => {
              const held = row && kept.get(`${tenantId} ${entity} ${row.id}`)
              if (held && held.version === row.version) return held
              if (row) kept.set(`${tenantId} ${entity} ${row.id}`, row)
              return row
            })
          },
        }),
      })
    },
    caughtBy: [
      'values: rows are copies: changing what was given or read changes nothing that is stored',
      'writes: touch: false changes values and leaves the version',
    ],
  },
]
