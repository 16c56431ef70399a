import { type EntityDef, throwIfAborted } from '@rapport/core/storage'
import type { PostgresConnection, PostgresDriver, Statement } from '../driver.js'
import { isReplayable, sqlStateOf } from '../postgres-errors.js'
import { fillColumn } from './backfill.js'
import { recordStep } from './bookkeeping.js'
import { type LockedDatabase, type LockOptions, withMigrationLock } from './migration-lock.js'
import type { MigrationStep } from './migration-step.js'
import { pauseMs } from './pause.js'
import { planSchema, type SchemaSettings } from './plan.js'
import { waitForRunningDefinitions } from './running-definitions.js'

/** How often a lock on a table is waited for, and how long each time, before waiting readers and writers are let through. */
const lockAttempts = 10
/** Milliseconds between two tries. */
const retryMs = 100
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
      for (let attempt = 1; ; attempt++) {
        try {
          return await applyOnce(database, target, settings, options.signal)
        } catch (error) {
          const isFinal = settings.profile.migrationLock === 'transaction' || attempt === lockAttempts
          if (isFinal || !isOfOthers(error)) throw error
          await pauseMs(retryMs, options.signal)
        }
      }
    },
    options,
  )
}

/** Looks up what is left to do, and does it. */
async function applyOnce(
  database: LockedDatabase,
  target: readonly EntityDef[],
  settings: SchemaSettings,
  signal: AbortSignal | undefined,
): Promise<void> {
  const steps = await settledSteps(database.connection, target, settings, signal)
  for (const step of steps) {
    throwIfAborted(signal)
    database.requireLock()
    await runStep(database, step, settings, signal)
  }
}

/** What is left to do once nothing of a killed process goes on. That is asked after the look: an index in the making looks broken. */
async function settledSteps(
  connection: PostgresConnection,
  target: readonly EntityDef[],
  settings: SchemaSettings,
  signal: AbortSignal | undefined,
): Promise<readonly MigrationStep[]> {
  for (;;) {
    const { steps } = await planSchema(connection, target, settings)
    if (settings.profile.migrationLock !== 'advisory') return steps
    if (!(await waitForRunningDefinitions(connection, settings.schema, signal))) return steps
  }
}

/**
 * Whether somebody else was in the way: a writer, or a statement of a killed process that the server began only now. An index may be half
 * built then, or have been built, so all is looked up again.
 */
function isOfOthers(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === lockNotAvailable || state === duplicateTable || isReplayable(error)
}

const lockNotAvailable = '55P03'
/** Also said of the name of an index. */
const duplicateTable = '42P07'

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
  await database.transaction(async (connection) => {
    if (profile.migrationLock !== 'transaction') {
      for (const text of [lockWait, noTimeLimit]) await connection.query(statement(text))
    }
    for (const text of step.sql) await connection.query(statement(text))
    await recordStep(connection, schema, step.id)
  })
}

function statement(text: string): Statement {
  return { text, values: [] }
}
