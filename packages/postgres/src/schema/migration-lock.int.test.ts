import pg from 'pg'
import { afterAll, expect, inject, test } from 'vitest'
import { pgDriver } from '../pg-driver.js'
import { type ProfileName, profileOf } from '../profile/profile.js'
import { type LockedDatabase, withMigrationLock } from './migration-lock.js'
import { pauseMs } from './pause.js'

const pool = new pg.Pool({ connectionString: inject('postgresUrl'), max: 20 })
const driver = pgDriver(pool)
afterAll(() => pool.end())

const schema = 'locked'
const lease = profileOf('cockroach')

test.each<[ProfileName]>([['postgres'], ['citus'], ['cockroach'], ['yugabyte']])(
  'under the lock of %s one works at a time',
  async (profile) => {
    let working = 0
    let most = 0
    const work = async (): Promise<void> => {
      most = Math.max(most, ++working)
      await pauseMs(5)
      working--
    }
    await Promise.all(Array.from({ length: 5 }, () => withMigrationLock(driver, schema, profileOf(profile), work)))
    expect(most).toBe(1)
  },
)

test('a lease is renewed while its holder works, and ends with it', async () => {
  let first = true
  const order: string[] = []
  await Promise.all(
    ['a', 'b'].map((name) =>
      withMigrationLock(
        driver,
        schema,
        lease,
        async () => {
          order.push(`${name} begins`)
          if (first) await pauseMs(900)
          first = false
          order.push(`${name} ends`)
        },
        { leaseMs: 300 },
      ),
    ),
  )
  const [one, two] = order[0] === 'a begins' ? ['a', 'b'] : ['b', 'a']
  expect(order).toEqual([`${one} begins`, `${one} ends`, `${two} begins`, `${two} ends`])
})

test('the lease of a process that died runs out', async () => {
  await pool.query(
    `insert into ${schema}.rapport_schema_lock values (1, 'dead', clock_timestamp() + interval '400 milliseconds')`,
  )
  const held = async (): Promise<unknown> =>
    (await pool.query(`select holder from ${schema}.rapport_schema_lock`)).rows[0]?.holder
  const during = await withMigrationLock(driver, schema, lease, held, { leaseMs: 300 })
  expect(during).toMatch(/^[0-9a-f-]{36}$/)
  expect(await held()).toBeUndefined()
})

test('who has lost the lease is told before the next step', async () => {
  const work = async ({ requireLock }: LockedDatabase): Promise<void> => {
    requireLock()
    await pool.query(`update ${schema}.rapport_schema_lock set holder = 'thief', held_until = clock_timestamp()`)
    for (let waited = 0; waited < 100; waited++) {
      await pauseMs(20)
      requireLock()
    }
  }
  await expect(withMigrationLock(driver, schema, lease, work, { leaseMs: 90 })).rejects.toMatchObject({
    code: 'storage_failed',
    details: { reason: 'lock', retriable: true },
  })
})

test.each<[ProfileName]>([['postgres'], ['cockroach']])(
  'waiting for the lock of %s can be aborted',
  async (profile) => {
    const abort = new AbortController()
    await withMigrationLock(driver, schema, profileOf(profile), async () => {
      const waiting = withMigrationLock(driver, schema, profileOf(profile), async () => expect.unreachable(), {
        signal: abort.signal,
      })
      setTimeout(() => abort.abort(), 50)
      await expect(waiting).rejects.toMatchObject({ code: 'aborted' })
    })
  },
)
