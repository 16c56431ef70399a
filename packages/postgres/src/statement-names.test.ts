import { expect, test } from 'vitest'
import { StatementNames } from './statement-names.js'

test('a text gets a name when it comes again, always the same one', () => {
  const names = new StatementNames()
  expect(names.nameOf('select 1')).toBeUndefined()
  const name = names.nameOf('select 1')
  expect(name).toMatch(/^rapport_[0-9a-f]{16}$/)
  expect(names.nameOf('select 1')).toBe(name)
  const others = new StatementNames()
  others.nameOf('select 1')
  expect(others.nameOf('select 1')).toBe(name)
})

test('texts that come once, and those beyond the limit, never get one', () => {
  const names = new StatementNames({ limit: 1, candidates: 2 })
  for (const text of ['a', 'b', 'c']) names.nameOf(text)
  expect(names.nameOf('a')).toBeUndefined()
  expect(names.nameOf('c')).toBeDefined()
  names.nameOf('d')
  expect(names.nameOf('d')).toBeUndefined()
})
