import { postgresStorage } from '@rapport/postgres'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { type ApiWorld, openApiWorld } from './api-world.fixture.js'
import { describeDataQuality } from './data-quality.fixture.js'
import { describeEntities } from './entities.fixture.js'
import { describePortal } from './portal.fixture.js'

// Bad input is refused before any storage is asked: end-to-end.test.ts has it, on memory.
describe('the API on PostgreSQL', () => {
  let world: ApiWorld
  beforeAll(async () => {
    const connectionString = inject('postgresUrl')
    world = await openApiWorld(postgresStorage({ connectionString, schema: 'http_end_to_end', migrate: 'auto' }))
  })
  afterAll(() => world.close())

  describeEntities(() => world)
  describePortal(() => world)
  describeDataQuality(() => world)
})
