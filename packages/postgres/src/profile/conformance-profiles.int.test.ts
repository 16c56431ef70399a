import { runStorageConformance } from '@rapport/conformance'
import pg from 'pg'
import { afterAll, describe, inject, test } from 'vitest'
import { pgDriver } from '../pg-driver.js'
import { storageOnDriver } from '../storage-on-driver.js'
import { asEngine, makeCitusFunctions, withTextIntegers } from './plain-postgres.fixture.js'
import type { ProfileName } from './profile.js'

const citusSchema = 'citus_functions'
const pool = new pg.Pool({ connectionString: inject('postgresUrl'), options: `-c search_path=${citusSchema}` })

afterAll(() => pool.end())

const profiles: readonly ProfileName[] = ['citus', 'cockroach', 'yugabyte']

describe.each(profiles.map((profile) => ({ profile })))(
  'the profile $profile keeps the storage contract with nothing but what its engine has',
  async ({ profile }) => {
    if (profile === 'citus') await makeCitusFunctions(pool, citusSchema)
    await runStorageConformance({
      test,
      level: 'basic',
      create: () =>
        storageOnDriver(asEngine(pgDriver(profile === 'cockroach' ? withTextIntegers(pool) : pool), profile), {
          name: profile,
          profile,
          schema: `conformance_${profile}`,
          feedLagMs: 200,
        }),
    })
  },
)
