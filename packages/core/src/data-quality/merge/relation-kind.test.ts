import { expect, test } from 'vitest'
import * as customers from '../../customers/index.js'
import * as engagement from '../../engagement/index.js'
import type { Entity } from '../../entity/entity.js'
import { createEntityRegistry } from '../../entity/entity-registry.js'
import * as sales from '../../sales/index.js'
import * as support from '../../support/index.js'
import { relationKinds } from './relation-kind.js'

const entities = [customers, engagement, sales, support]
  .flatMap((domain): unknown[] => Object.values(domain))
  .filter((value): value is Entity => typeof value === 'object' && value !== null && 'storage' in value)
const registry = createEntityRegistry(entities)

/** Whether all rows with a value are found by an index, deleted ones among them. */
const servesAll = (entity: Entity, path: string): boolean =>
  entity.storage.indexes.some(({ on, live }) => on[0] === path && live !== true)

test.each([
  ['contact', ['consent', 'contactGroup', 'conversation', 'externalData', 'order', 'ticket']],
  ['company', ['company', 'contact', 'externalData', 'order', 'ticket']],
])('every relation to a %s is found by an index that holds deleted records too', (objectType, expected) => {
  const fields = relationKinds(registry, objectType).filter((kind) => kind.how === 'field')
  expect(fields.map(({ entity }) => entity.name)).toEqual(expect.arrayContaining(expected))
  const unserved = fields.filter(({ entity, path, under }) =>
    under ? !servesAll(under.entity, under.path) || !servesAll(entity, under.field) : !servesAll(entity, path),
  )
  expect(unserved.map(({ entity, path }) => `${entity.name}.${path}`)).toEqual([])
})
