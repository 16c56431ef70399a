import { expect, test } from 'vitest'
import { englishLocaliser } from '../../test/sample-localiser.js'
import { defaultCustomerColumns } from './customer-column.js'
import { CustomerRows, type RowArrangement } from './customer-rows.js'

const localiser = englishLocaliser()
const plain: RowArrangement = { columns: defaultCustomerColumns, query: '', sort: undefined, localiser }

function rowsOf(...names: string[]): CustomerRows {
  const rows = new CustomerRows()
  rows.records = names.map((fullName, index) => ({ id: `${index}`, fullName, orderCount: 10 - index }))
  return rows
}

const shown = (rows: CustomerRows): unknown[] => Array.from({ length: rows.shown }, (_, row) => rows.at(row)?.fullName)

test('without a filter and a sort, rows keep their order', () => {
  const rows = rowsOf('B', 'A')
  rows.arrange(plain)
  expect(shown(rows)).toEqual(['B', 'A'])
})

test('a filter and a sort work together, by names and by numbers', () => {
  const rows = rowsOf('Bea Lee', 'Abe Lee', 'Cid Poe')
  rows.arrange({ ...plain, query: 'lee', sort: { key: 'fullName', direction: 'ascending' } })
  expect(shown(rows)).toEqual(['Abe Lee', 'Bea Lee'])
  rows.arrange({ ...plain, sort: { key: 'orderCount', direction: 'ascending' } })
  expect(shown(rows)).toEqual(['Cid Poe', 'Abe Lee', 'Bea Lee'])
})

test('rows that arrive later are sorted and filtered as well', () => {
  const rows = rowsOf('B')
  const sorted = { ...plain, sort: { key: 'fullName', direction: 'ascending' } as const }
  rows.arrange(sorted)
  rows.records = [...rows.records, { id: 'x', fullName: 'A' }]
  rows.arrange(sorted)
  expect(shown(rows)).toEqual(['A', 'B'])
})

test('a chip is filtered by the words that people read, not by its code', () => {
  const rows = new CustomerRows()
  rows.records = [
    { id: '1', lifecycleStage: 'marketingQualifiedLead' },
    { id: '2', lifecycleStage: 'lead' },
  ]
  rows.arrange({ ...plain, query: 'marketing qualified' })
  expect(rows.shown).toBe(1)
})
