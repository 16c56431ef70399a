import { CrmError, throwIfAborted } from '@rapport/core/storage'
import type { PostgresConnection, PostgresDriver } from '../driver.js'
import { sqlStateOf } from '../postgres-errors.js'
import type { Profile } from '../profile/profile.js'
import { fingerprint, quoteIdentifier } from '../sql-identifier.js'
import { pauseMs } from './pause.js'

/** What works under the lock. */
export interface LockedDatabase {
  /** For statements that are their own transaction. */
  readonly connection: PostgresConnection
  transaction<T>(work: (connection: PostgresConnection) => Promise<T>): Promise<T>
  /** Throws `storage_failed` when the lock has been lost meanwhile. */
  requireLock(): void
}

/** How the lock is waited for. */
export interface LockOptions {
  readonly signal?: AbortSignal | undefined
  /** How long a lease holds unless it is renewed, which happens three times as often; 30 seconds when left out. */
  readonly leaseMs?: number
}

/** Milliseconds between two tries to get the lock. */
const retryMs = 100
/** Milliseconds after which the connection with the lock is looked after. */
const heartbeatMs = 10_000

/** Runs `work` while no other process changes the schema, with the kind of lock that the profile has. */
export function withMigrationLock<T>(
  driver: PostgresDriver,
  schema: string,
  { migrationLock }: Profile,
  work: (database: LockedDatabase) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  switch (migrationLock) {
    case 'advisory':
      return withAdvisoryLock(driver, schema, options, (holder) => whileHeld(driver, holder, work))
    case 'lease':
      return withLease(driver, schema, work, options)
    case 'transaction':
      // The only connection is taken for all steps, which also makes them one: they all happen, or none.
      return withAdvisoryLock(driver, schema, options, (connection) =>
        work({ connection, transaction: (inner) => inner(connection), requireLock() {} }),
      )
  }
}

/**
 * The lock lives in a transaction of its own, so it goes when the process does, and a proxy that pools transactions keeps it in one place.
 * Who waits tries again in a new transaction each time: `create index concurrently` waits for all that is older and has a snapshot.
 */
async function withAdvisoryLock<T>(
  driver: PostgresDriver,
  schema: string,
  { signal }: LockOptions,
  work: (holder: PostgresConnection) => Promise<T>,
): Promise<T> {
  const attempt = (): Promise<{ readonly result: T } | undefined> =>
    driver.transaction(async (holder) => {
      const text = 'select pg_try_advisory_xact_lock($1::bigint)'
      const { rows } = await holder.query({ text, values: [lockKey(schema)] })
      return rows[0]?.[0] === true ? { result: await work(holder) } : undefined
    })
  for (;;) {
    throwIfAborted(signal)
    const done = await attempt()
    if (done) return done.result
    await pauseMs(retryMs, signal)
  }
}

/** Works on other connections, while the one with the lock stays idle in its transaction. */
async function whileHeld<T>(
  driver: PostgresDriver,
  holder: PostgresConnection,
  work: (database: LockedDatabase) => Promise<T>,
): Promise<T> {
  // Keeps the server from ending the transaction, and ends the portal of the statement before, which kept a snapshot.
  const stayIdle = (): Promise<unknown> =>
    holder.query({ text: 'set local idle_in_transaction_session_timeout = 0', values: [] })
  await stayIdle()
  let lost = false
  let beating: Promise<unknown> = Promise.resolve()
  const beat = setInterval(() => {
    beating = stayIdle().catch(() => {
      lost = true
    })
  }, heartbeatMs)
  try {
    return await work(lockedDatabase(driver, () => lost))
  } finally {
    clearInterval(beat)
    await beating
  }
}

/** The lock is a row that says who holds it and until when. Who dies keeps the others waiting until then, and no longer. */
async function withLease<T>(
  driver: PostgresDriver,
  schema: string,
  work: (database: LockedDatabase) => Promise<T>,
  { signal, leaseMs = 30_000 }: LockOptions,
): Promise<T> {
  const table = `${quoteIdentifier(schema)}."rapport_schema_lock"`
  const holder = crypto.randomUUID()
  const run = (text: string) => driver.query({ text, values: [holder] })
  const until = `clock_timestamp() + interval '${leaseMs} milliseconds'`
  await createLockTable(driver, schema, table)
  const take =
    `insert into ${table} as l ("id", "holder", "held_until") values (1, $1::text, ${until}) on conflict ("id") ` +
    'do update set "holder" = excluded."holder", "held_until" = excluded."held_until" ' +
    'where l."held_until" < clock_timestamp() returning "holder"'
  while ((await run(take)).rows.length === 0) {
    throwIfAborted(signal)
    await pauseMs(retryMs, signal)
  }
  let lost = false
  const beat = setInterval(() => {
    const renew = `update ${table} set "held_until" = ${until} where "id" = 1 and "holder" = $1::text returning "id"`
    run(renew).then(
      ({ rows }) => {
        lost ||= rows.length === 0
      },
      () => {
        lost = true
      },
    )
  }, leaseMs / 3)
  try {
    return await work(lockedDatabase(driver, () => lost))
  } finally {
    clearInterval(beat)
    await run(`delete from ${table} where "holder" = $1::text`).catch(() => {})
  }
}

/** Any connection of the driver, as long as the lock is not lost. */
function lockedDatabase(driver: PostgresDriver, isLost: () => boolean): LockedDatabase {
  return {
    connection: driver,
    transaction: (work) => driver.transaction(work),
    requireLock() {
      if (isLost()) throw lockLost()
    },
  }
}

/** Two processes that make the same table at the same moment: one of them is refused, and finds it made. */
async function createLockTable(driver: PostgresDriver, schema: string, table: string): Promise<void> {
  const statements = [
    `create schema if not exists ${quoteIdentifier(schema)}`,
    `create table if not exists ${table} ("id" integer primary key, "holder" text not null, "held_until" timestamp(3) with time zone not null)`,
  ]
  for (const text of statements) {
    for (let attempt = 1; ; attempt++) {
      try {
        await driver.query({ text, values: [] })
        break
      } catch (error) {
        if (attempt === 10 || !/^(?:23505|42P06|42P07|42710|40001|XX000)$/.test(sqlStateOf(error) ?? '')) throw error
      }
    }
  }
}

/** A key of 63 bits that belongs to this schema's migrations. */
function lockKey(schema: string): string {
  return (BigInt(`0x${fingerprint(`rapport:${schema}`)}`) >> 1n).toString()
}

function lockLost(): CrmError {
  return new CrmError('storage_failed', 'The lock on changes of the schema was lost', {
    reason: 'lock',
    retriable: true,
    remedy: 'apply the plan again: it goes on where it was interrupted',
  })
}
