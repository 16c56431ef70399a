import { CrmError, storageClosed } from '@rapport/core/storage'
import type { DriverCallOptions, PostgresConnection, PostgresDriver, Statement } from './driver.js'
import { oneAtATime } from './one-at-a-time.js'
import { isReplayable, writeError } from './postgres-errors.js'

type Work<T> = (connection: PostgresConnection) => Promise<T>
type Recover<T> = (connection: PostgresConnection, error: unknown) => Promise<T>

/** How a session reaches the database: through the driver, or within a transaction that is already running. */
export interface SessionConnection extends PostgresConnection {
  /** Whether what `attempt` works on has a `copy`. */
  readonly copies: boolean
  /**
   * Runs `work`, which is one statement or (`many`) several, so that all it does happens or nothing. When it fails, the connection is
   * usable again, and `recover` decides about the error, by reading on where it needs to.
   */
  attempt<T>(work: Work<T>, recover: Recover<T>, many?: boolean, options?: DriverCallOptions): Promise<T>
  /** Runs `work` with a connection inside one transaction. */
  transaction<T>(work: (connection: SessionConnection) => Promise<T>, options?: DriverCallOptions): Promise<T>
  /** Whether the database undid all of a failed attempt and nothing else, so that it may be repeated. */
  mayRepeat(error: unknown): boolean
}

/** Every call on a connection of its own; a single statement is its own transaction. */
export function pooledConnection(requireDriver: () => PostgresDriver): SessionConnection {
  return {
    get copies() {
      return requireDriver().copy !== undefined
    },
    get countsRows() {
      return requireDriver().countsRows === true
    },
    query: (statement, options) => requireDriver().query(statement, options),
    async attempt(work, recover, many = false, options) {
      const driver = requireDriver()
      try {
        return await (many ? committed(driver, work, options) : work(driver))
      } catch (error) {
        return recover(driver, many ? error : writeError(error))
      }
    },
    transaction: (work, options) =>
      committed(
        requireDriver(),
        async (connection) => {
          const { joined, finish } = joinedConnection(connection)
          const result = await work(joined)
          await finish()
          return result
        },
        options,
      ),
    mayRepeat: isReplayable,
  }
}

/** A transaction of the driver. When the connection breaks in its commit, nobody knows the outcome, and the error says so. */
async function committed<T>(driver: PostgresDriver, work: Work<T>, options?: DriverCallOptions): Promise<T> {
  let committing = false
  try {
    return await driver.transaction(async (connection) => {
      const result = await work(connection)
      committing = true
      return result
    }, options)
  } catch (error) {
    throw committing ? writeError(error) : error
  }
}

interface Joined {
  readonly joined: SessionConnection
  /** Waits for what is under way, then closes the door. Throws when the transaction was spoilt by a failed read. */
  readonly finish: () => Promise<void>
}

const savepoint: Statement = { text: 'savepoint rapport', values: [] }
const release: Statement = { text: 'release savepoint rapport', values: [] }
const rollBack: Statement = { text: 'rollback to savepoint rapport', values: [] }

/** Within a transaction: one thing after the other, and a savepoint around whatever writes. */
export function joinedConnection(connection: PostgresConnection): Joined {
  const turn = oneAtATime()
  let ended = false
  const requireOpen = (): void => {
    if (ended) throw storageClosed()
  }
  const copy = connection.copy?.bind(connection)
  const open: PostgresConnection = {
    countsRows: connection.countsRows === true,
    query(statement, options) {
      requireOpen()
      return connection.query(statement, options)
    },
    ...(copy && {
      copy(text, chunks, options) {
        requireOpen()
        return copy(text, chunks, options)
      },
    }),
  }
  const guarded = async <T>(work: Work<T>, recover?: Recover<T>): Promise<T> => {
    await open.query(savepoint)
    try {
      const result = await work(open)
      await open.query(release)
      return result
    } catch (error) {
      await open.query(rollBack)
      await open.query(release)
      if (recover) return recover(open, error)
      throw error
    }
  }
  let spoilt = false
  const joined: SessionConnection = {
    copies: copy !== undefined,
    countsRows: connection.countsRows === true,
    query: (statement, options) =>
      turn(async () => {
        try {
          return await open.query(statement, options)
        } catch (error) {
          spoilt = true
          throw error
        }
      }),
    attempt: (work, recover) => turn(() => guarded(work, recover)),
    transaction: (work) =>
      turn(() =>
        guarded(async () => {
          const inner = joinedConnection(open)
          const result = await work(inner.joined)
          await inner.finish()
          return result
        }),
      ),
    mayRepeat: () => false,
  }
  return {
    joined,
    async finish() {
      await turn(async () => {
        ended = true
      })
      if (!spoilt) return
      throw new CrmError('storage_failed', 'The transaction cannot be committed, because a read in it failed', {
        reason: 'transaction',
        retriable: true,
        remedy: 'let the error of the read end the transaction, and run it again',
      })
    },
  }
}
