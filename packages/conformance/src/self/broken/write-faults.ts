import { CrmError, isCrmError, type StorageSession, type Write, type WriteResult } from '@rapport/core/storage'
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
]
