import { expect, test } from 'vitest'
import { createEntityRegistry } from './entity-registry.js'
import { labelEntity, noteEntity } from './session-context.fixture.js'

test('finds entities by name and tells a storage about each', () => {
  const registry = createEntityRegistry([noteEntity, labelEntity])
  expect(registry.get('note')).toBe(noteEntity)
  expect(registry.has('label')).toBe(true)
  expect(registry.definitions().map(({ name }) => name)).toEqual(['note', 'label'])
})

test('a name that is unknown, inherited or given twice is a mistake in code', () => {
  const registry = createEntityRegistry([noteEntity])
  for (const name of ['order', 'constructor', '__proto__', '']) {
    expect(registry.has(name)).toBe(false)
    expect(() => registry.get(name)).toThrow(TypeError)
  }
  expect(() => createEntityRegistry([noteEntity, noteEntity])).toThrow(TypeError)
})
