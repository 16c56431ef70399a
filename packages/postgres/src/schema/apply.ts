import { type EntityDef, throwIfAborted } from '@rapport/core/storage'
import type { PostgresConnection, PostgresDriver, Statement } from '../driver.js'
import { sqlStateOf } from '../postgres-errors.js'
import { fillColumn } from './backfill.js'
import { recordStep } from './bookkeeping.js'
import { type LockedDatabase, type LockOptions, withMigrationLock } from './migration-lock.js'
import type { MigrationStep } from './migration-step.js'
import { pauseMs } from './pause.js'
import { planSchema, type SchemaSettings } from './plan.js'

/** How often a step waits for a lock on a table, and how long each time, before it lets waiting readers and writers through. */
const lockAttempts = 10
const lockWait = "set local lock_timeout = '2s'"
/** Building an index or checking all rows may take longer than any statement of the application. */
const noTimeLimit = 'set local statement_timeout = 0'

/**
 * Brings a schema up to the definitions, under a lock, so that two processes that start together do not collide: the second finds nothing
 * left to do. What is left is looked up under the lock, so it does not matter how old the plan is, or where an earlier run broke
 * off. Each step is recorded.
 */
export async function applySchema(
  driver: PostgresDriver,
  target: readonly EntityDef[],
  settings: SchemaSettings,
  options: LockOptions = {},
): Promise<void> {
  await withMigrationLock(
    driver,
    settings.schema,
    settings.profile,
    async (database) => {
      const { steps } = await planSchema(database.connection, target, settings)
      for (const step of steps) {
        throwIfAborted(options.signal)
        database.requireLock()
        await runStep(database, step, settings, options.signal)
      }
    },
    options,
  )
}

async function runStep(
  database: LockedDatabase,
  step: MigrationStep,
  { schema, profile }: SchemaSettings,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (step.backfill) {
    await fillColumn(database, step.backfill, profile, () => throwIfAborted(signal))
    return recordStep(database.connection, schema, step.id)
  }
  if (step.run === 'alone' || !profile.transactionalDdl) {
    for (const text of step.sql) await database.connection.query(statement(text))
    return recordStep(database.connection, schema, step.id)
  }
  const carryOut = async (connection: PostgresConnection): Promise<void> => {
    if (profile.migrationLock !== 'transaction') {
      for (const text of [lockWait, noTimeLimit]) await connection.query(statement(text))
    }
    for (const text of step.sql) await connection.query(statement(text))
    await recordStep(connection, schema, step.id)
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(carryOut)
    } catch (error) {
      if (attempt === lockAttempts || sqlStateOf(error) !== '55P03') throw error
      await pauseMs(100, signal)
    }
  }
}

function statement(text: string): Statement {
  return { text, values: [] }
}
