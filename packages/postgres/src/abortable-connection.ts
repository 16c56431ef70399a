import { throwIfAborted } from '@rapport/core/storage'
import type { PostgresConnection } from './driver.js'
import { sqlStateOf } from './postgres-errors.js'
import type { SessionConnection } from './session-connection.js'

/** The connection with a signal that goes along with all that runs on it. A statement that it ended rejects with `aborted`. */
export function abortableConnection(connection: SessionConnection, signal: AbortSignal): SessionConnection {
  const options = { signal }
  return {
    ...withSignal(connection, signal),
    copies: connection.copies,
    countsRows: connection.countsRows === true,
    attempt: (work, recover, many) =>
      connection.attempt(
        (on) => work(withSignal(on, signal)),
        (on, error) => recover(withSignal(on, signal), error),
        many,
        options,
      ),
    transaction: (work) => connection.transaction((inside) => work(abortableConnection(inside, signal)), options),
    mayRepeat: (error) => connection.mayRepeat(error),
  }
}

function withSignal(connection: PostgresConnection, signal: AbortSignal): PostgresConnection {
  const options = { signal }
  const explained = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call
    } catch (error) {
      if (sqlStateOf(error) === queryCancelled) throwIfAborted(signal)
      throw error
    }
  }
  const copy = connection.copy?.bind(connection)
  return {
    query: (statement) => explained(connection.query(statement, options)),
    ...(copy && { copy: (text, chunks) => explained(copy(text, chunks, options)) }),
  }
}

/** SQLSTATE of a statement that was cancelled; a time limit has the same. */
const queryCancelled = '57014'
