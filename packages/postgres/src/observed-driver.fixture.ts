import type { StorageFaults } from '@rapport/conformance'
import type { PostgresConnection, PostgresDriver } from './driver.js'

/** A driver with a count of its statements, whose way to the server can be cut. */
export interface ObservedDriver extends PostgresDriver {
  /** Statements sent so far. */
  readonly counter: () => number
  readonly faults: StorageFaults
}

/** Wraps a driver for tests. A cut looks as a connection does that is reset. */
export function observedDriver(driver: PostgresDriver): ObservedDriver {
  let statements = 0
  let armed: 'before' | 'during' | 'after' | undefined
  /** Carries out a commit, unless it is cut first, and loses the answer when it is cut behind it. */
  const cuttable = async <T>(commit: (lose: () => void) => Promise<T>): Promise<T> => {
    const cut = armed
    armed = undefined
    const lose = (): void => {
      if (cut === 'before' || cut === 'during') throw reset()
    }
    const result = await commit(lose)
    if (cut === 'after') throw reset()
    return result
  }
  const counted = (connection: PostgresConnection): PostgresConnection => {
    const copy = connection.copy?.bind(connection)
    return {
      countsRows: connection.countsRows === true,
      query(statement, options) {
        statements++
        return connection.query(statement, options)
      },
      ...(copy && {
        copy(text, chunks, options) {
          statements++
          return copy(text, chunks, options)
        },
      }),
    }
  }
  const single = counted(driver)
  return {
    ...driver,
    ...single,
    query(statement, options) {
      if (!/\b(?:insert into|update|delete from) /.test(statement.text)) return single.query(statement, options)
      return cuttable(async (lose) => {
        lose()
        return single.query(statement, options)
      })
    },
    transaction: (work, options) =>
      cuttable((lose) =>
        driver.transaction(async (connection) => {
          const result = await work(counted(connection))
          lose()
          return result
        }, options),
      ),
    counter: () => statements,
    faults: {
      cutBefore: () => {
        armed = 'before'
      },
      cutDuring: () => {
        armed = 'during'
      },
      cutAfter: () => {
        armed = 'after'
      },
    },
  }
}

function reset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
}
