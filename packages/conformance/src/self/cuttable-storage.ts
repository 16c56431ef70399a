import { CrmError, type NewRow, type StorageSession, type Write, type WriteResult } from '@rapport/core/storage'
import type { StorageConformance, StorageFaults, StoragePorts } from '../index.js'
import { delegate, wrappedStorage } from './broken/wrapped-storage.js'

export type Cut = keyof StorageFaults

/** What a storage does wrong when the way to its backend is cut; a sound one does none of it. */
export interface CutBehaviour {
  /** Stores something of a batch that is cut in the middle. */
  readonly during?: (inner: StorageSession, batch: readonly Write[]) => Promise<unknown>
  /** What is thrown after a cut. */
  readonly errorOf?: (cut: Cut) => unknown
  /** What `write` does with what a cut made it throw. */
  readonly recover?: (error: unknown, repeat: () => Promise<WriteResult[]>) => Promise<WriteResult[]>
}

/** An adapter and the ports that reach into it, made together. */
export type Rig = Pick<StorageConformance, 'create' | keyof StoragePorts>

/** What a storage throws that knows what it knows: after a cut behind the commit the outcome is open. */
export function honestError(cut: Cut): CrmError {
  const details =
    cut === 'cutAfter' ? { reason: 'unknown_outcome', retriable: false } : { reason: 'connection', retriable: true }
  return new CrmError('storage_failed', 'The connection was lost', details)
}

/** A memory storage behind a way that can be cut. */
export function cuttableStorage({ during, errorOf = honestError, recover }: CutBehaviour = {}): Rig {
  let armed: Cut | undefined
  const arm = (cut: Cut) => (): void => {
    armed = cut
  }
  /** Commits, unless the way is cut before, or tells nobody, when it is cut after. */
  const commit = async <T>(call: () => Promise<T>, duringCall?: () => Promise<unknown>): Promise<T> => {
    const cut = armed
    armed = undefined
    if (cut === 'cutDuring') await duringCall?.()
    if (cut === 'cutBefore' || cut === 'cutDuring') throw errorOf(cut)
    const result = await call()
    if (cut === 'cutAfter') throw errorOf(cut)
    return result
  }

  const cuttable = (inner: StorageSession): StorageSession => ({
    ...delegate(inner),
    async write(batch, options) {
      const write = (): Promise<WriteResult[]> => inner.write(batch, options)
      const partly = during && (() => during(inner, batch))
      return commit(write, partly).catch((error: unknown) => {
        if (recover) return recover(error, write)
        throw error
      })
    },
    async load(entity, rows, options) {
      const count = { loaded: 0, skipped: 0 }
      for await (const batch of rows) {
        const { loaded, skipped } = await commit(() => inner.load!(entity, [batch as readonly NewRow[]], options))
        count.loaded += loaded
        count.skipped += skipped
      }
      return count
    },
    transaction: (work, options) => commit(() => inner.transaction!(work, options)),
  })
  return {
    create: () => wrappedStorage({ adapter: (inner) => ({ session: (scope) => cuttable(inner.session(scope)) }) }),
    faults: { cutBefore: arm('cutBefore'), cutDuring: arm('cutDuring'), cutAfter: arm('cutAfter') },
  }
}
