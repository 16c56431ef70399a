import { CrmError, type StorageSession } from '@rapport/core/storage'
import { pause } from '../../storage/writing.js'
import type { Fault } from './fault.js'
import { wrappedStorage } from './wrapped-storage.js'

const callerLeft = (): CrmError => new CrmError('aborted', 'The caller left')

/** Writes in two halves, and leaves when its caller does. */
const writeInHalves =
  (inner: StorageSession): StorageSession['write'] =>
  async (batch, options = {}) => {
    const { signal } = options
    if (!signal || signal.aborted || batch.length < 20) return inner.write(batch, options)
    const half = batch.length / 2
    const results = await inner.write(batch.slice(0, half))
    await pause(4)
    if (signal.aborted) throw callerLeft()
    return [...results, ...(await inner.write(batch.slice(half)))]
  }

/** Faults in what happens when a caller leaves in the middle of a call. */
export const abortFaults: readonly Fault[] = [
  {
    title: 'stores half of a batch when its caller leaves',
    create: () => wrappedStorage({ session: (inner) => ({ write: writeInHalves(inner) }) }),
    caughtBy: ['aborting: a signal that fires during a write leaves all of it or nothing'],
  },
  {
    title: 'goes on loading when its caller left',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          load(entity, rows, { signal, ...options } = {}) {
            return inner.load!(entity, rows, signal?.aborted ? { ...options, signal } : options)
          },
        }),
      }),
    caughtBy: ['aborting: load stops between two batches when its signal fires'],
  },
  {
    title: 'commits a transaction and says that it was aborted',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          async transaction(work, { signal } = {}) {
            if (signal?.aborted) throw callerLeft()
            const value = await inner.transaction!(work)
            if (signal?.aborted) throw callerLeft()
            return value
          },
        }),
      }),
    caughtBy: [
      'aborting: a transaction whose signal fires inside goes through whole or fails with aborted and leaves nothing',
    ],
  },
  {
    title: 'answers with part of a page when its caller left',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          async find({ signal, ...query }) {
            if (!signal || signal.aborted) return inner.find(signal ? { ...query, signal } : query)
            const page = await inner.find(query)
            await pause(4)
            return signal.aborted ? { ...page, rows: page.rows.slice(0, 100) } : page
          },
        }),
      }),
    caughtBy: ['aborting: a read whose signal fires meanwhile answers whole or fails with aborted'],
  },
]
