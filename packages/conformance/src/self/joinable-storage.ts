import type { SessionScope, StorageSession } from '@rapport/core/storage'
import { memoryStorage } from '@rapport/core/storage/memory'
import type { HostTransaction } from '../index.js'
import { wrappedStorage } from './broken/wrapped-storage.js'
import type { Rig } from './cuttable-storage.js'

type End = 'commit' | 'rollback'

/** How a storage wrongs a transaction of the host; a sound one does none of it. */
export interface JoinBehaviour {
  /** Writes as if there were no transaction. */
  readonly ignores?: true
  /** A batch that fails ends the transaction, whatever the host says later, as a statement does that has no savepoint. */
  readonly spoils?: true
}

/** What one tenant does in a transaction of the host: a transaction of the memory storage that waits for its end. */
class JoinedSession {
  readonly session: Promise<StorageSession>
  readonly #done: Promise<void>
  #end: (end: End) => void = () => {}

  constructor(inner: StorageSession) {
    const ended = new Promise<End>((resolve) => {
      this.#end = resolve
    })
    let begin: (session: StorageSession) => void = () => {}
    this.session = new Promise((resolve) => {
      begin = resolve
    })
    this.#done = inner.transaction!(async (session) => {
      begin(session)
      if ((await ended) === 'rollback') throw new Error('rolled back')
    }).catch((error: unknown) => {
      if (!(error instanceof Error && error.message === 'rolled back')) throw error
    })
  }

  async end(end: End): Promise<void> {
    this.#end(end)
    await this.#done
  }
}

/** A transaction of a pretended host, over all tenants. */
class PretendedTransaction {
  readonly tenants = new Map<string, JoinedSession>()
  isSpoilt = false

  async end(end: End): Promise<void> {
    for (const joined of this.tenants.values()) await joined.end(this.isSpoilt ? 'rollback' : end)
  }
}

/** A memory storage that joins transactions of a pretended host. */
export function joinableStorage({ ignores, spoils }: JoinBehaviour = {}): Rig {
  const join = (inner: StorageSession, tenantId: string, transaction: PretendedTransaction): StorageSession => {
    const joined = transaction.tenants.get(tenantId) ?? new JoinedSession(inner)
    transaction.tenants.set(tenantId, joined)
    return {
      getMany: async (...given) => (await joined.session).getMany(...given),
      find: async (...given) => (await joined.session).find(...given),
      async write(...given) {
        try {
          return await (await joined.session).write(...given)
        } catch (error) {
          transaction.isSpoilt = spoils === true
          throw error
        }
      },
      load: async (...given) => (await joined.session).load!(...given),
      transaction: async (...given) => (await joined.session).transaction!(...given),
    }
  }
  const begin = (): HostTransaction => {
    const transaction = new PretendedTransaction()
    return { transaction, commit: () => transaction.end('commit'), rollback: () => transaction.end('rollback') }
  }
  const create = () => {
    const memory = memoryStorage()
    const session = ({ transaction, ...scope }: SessionScope): StorageSession => {
      if (transaction === undefined || ignores) return memory.session(scope)
      if (!(transaction instanceof PretendedTransaction)) throw new TypeError('transaction must be one of this host')
      return join(memory.session(scope), scope.tenantId, transaction)
    }
    return wrappedStorage({ adapter: () => ({ session }) }, memory)
  }
  return { create, hostTransaction: begin }
}
