import { isReplayable } from '../postgres-errors.js'
import type { Profile } from '../profile/profile.js'
import { setSystem, setTenant } from '../row-security.js'
import { tenantIds } from '../tenant-ids.js'
import type { LockedDatabase } from './migration-lock.js'
import type { Backfill } from './migration-step.js'
import { backfillSql } from './promotion-steps.js'

/** Rows whose locks a batch may hold at once, each for some milliseconds. */
const batchRows = 1_000

/**
 * Fills a column batch by batch, tenant by tenant, each in a transaction of its own, so that no writer waits long. Begun again after a
 * crash, it changes only rows that are not right yet.
 */
export async function fillColumn(
  { transaction, requireLock }: LockedDatabase,
  { table, column }: Backfill,
  profile: Profile,
  checkAborted: () => void,
): Promise<void> {
  const update = backfillSql(table, column)
  const next =
    `select "id" from ${table.sql} where "tenant_id" = $1::text and "id" > $2::text order by "id" ` +
    `limit 1 offset ${batchRows - 1}`
  const tenants = await transaction(async (connection) => {
    await connection.query(setSystem(profile))
    const ids: string[] = []
    for await (const id of tenantIds(connection, [table], profile)) ids.push(id)
    return ids
  })
  for (const tenant of tenants) {
    for (let after = ''; ; ) {
      checkAborted()
      requireLock()
      const last = await repeated(() =>
        transaction(async (connection) => {
          await connection.query(setTenant(profile, tenant))
          const { rows } = await connection.query({ text: next, values: [tenant, after] })
          const end = rows[0]?.[0] as string | undefined
          await connection.query({ text: update, values: [tenant, after, end ?? greatestId] })
          return end
        }),
      )
      if (last === undefined) break
      after = last
    }
  }
}

/** Behind every id by code point. */
const greatestId = '\u{10ffff}'.repeat(64)

/** Runs again what the database undid because of writers. */
async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === 10 || !isReplayable(error)) throw error
    }
  }
}
