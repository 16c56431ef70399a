import { expect, test } from 'vitest'
import { customerTable } from './customer.fixture.js'
import { compileSearch } from './sql-search.js'

const search = (terms: readonly string[], atLeast: number) =>
  compileSearch(customerTable, 'acme', {
    entity: 'customer',
    path: 'tags',
    terms,
    atLeast,
    limit: 30,
    where: { op: 'eq', path: 'stage', value: 'won' },
  })

test('rows that hold all terms need no counting, and the table is never asked for whole', () => {
  const { text, values } = search(['ada'], 1)
  expect(text).not.toContain('distinct')
  expect(text.match(/@> group_of_terms/g)).toHaveLength(1)
  expect(values).toEqual(['acme', 'won', '["{\\"ada\\"}"]', 1])
})

test('rows that hold fewer are looked for only where those before fill no page', () => {
  const { text, values } = search(['_ad', 'ada', 'da_'], 1)
  expect(text).toContain('where not (select count(*) from level_0) = 30')
  expect(text).toContain('where not (select count(*) from level_0) = 30 and not (select count(*) from level_1) = 30')
  expect(values.filter((value) => typeof value === 'number')).toEqual([3, 2, 1])
})

test('has one text for all queries of a shape, so that it is planned once', () => {
  const few = ['_ad', 'ada', 'da_', '_ki', 'kin', 'in_']
  expect(search(few, 3).text).toBe(search([...few, '_lo', 'lov', 'ove', 've_'], 5).text)
})
