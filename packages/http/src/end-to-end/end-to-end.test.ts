import { memoryStorage } from '@rapport/core/storage/memory'
import { afterAll, beforeAll, describe } from 'vitest'
import { type ApiWorld, openApiWorld } from './api-world.fixture.js'
import { describeBadInput } from './bad-input.fixture.js'
import { describeDataQuality } from './data-quality.fixture.js'
import { describeEntities } from './entities.fixture.js'
import { describePortal } from './portal.fixture.js'

describe('the API on memory', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await openApiWorld(memoryStorage())
  })
  afterAll(() => world.close())

  describeEntities(() => world)
  describeBadInput(() => world)
  describePortal(() => world)
  describeDataQuality(() => world)
})
