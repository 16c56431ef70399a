import { runStorageConformance } from '@rapport/conformance'
import pg from 'pg'
import { afterAll, describe, inject, test } from 'vitest'
import { pgDriver } from '../pg-driver.js'
import { storageOnDriver } from '../storage-on-driver.js'
import { asEngine, makeCitusFunctions, withTextIntegers } from './plain-postgres.fixture.js'
import type { ProfileName } from './profile.js'

/** Registers the kit for some profiles, each on plain PostgreSQL that behaves like the profile's engine. */
export function describeProfiles(profiles: readonly ProfileName[], level: 'basic' | 'full'): void {
  const citusSchema = 'citus_functions'
  const pool = new pg.Pool({ connectionString: inject('postgresUrl'), options: `-c search_path=${citusSchema}` })
  afterAll(() => pool.end())

  describe.each(profiles.map((profile) => ({ profile })))(
    'the profile $profile keeps the storage contract with nothing but what its engine has',
    async ({ profile }) => {
      if (profile === 'citus') await makeCitusFunctions(pool, citusSchema)
      const driver = pgDriver(profile === 'cockroach' ? withTextIntegers(pool) : pool)
      await runStorageConformance({
        test,
        level,
        create: () =>
          storageOnDriver(asEngine(driver, profile), {
            name: profile,
            profile,
            schema: `conformance_${profile}`,
            feedLagMs: 200,
          }),
      })
    },
  )
}
