import { expect, test } from 'vitest'
import { phoneEntries } from './contact-point-merge.js'

const phone = (number: string): { readonly number: string } => ({ number })

/** The number as it is written among others. */
const among = (number: string, ...others: readonly string[]): unknown =>
  phoneEntries.among([number, ...others].map(phone))(phone(number)).number

test.each([
  ['020 7946 0018', '+44 20 7946 0018'],
  ['(0151) 23456789', '0049 151 23456789'],
  ['06 1234 5678', '+39 06 1234 5678'],
  ['08-123 456 78', '+46812345678'],
])('%s is %s, where no country is known', (national, international) => {
  expect(among(national, international)).toBe(international)
  expect(among(international, national)).toBe(international)
})

test.each([
  ['a number without a trunk zero may lack an area code', '7946 0018', ['+44 20 7946 0018']],
  ['an area code may be missing after a zero as well', '07946 0018', ['+44 20 7946 0018']],
  ['a short number is the end of many', '0460 018', ['+44 20 7946 0018']],
  ['another number', '020 7946 0019', ['+44 20 7946 0018']],
  ['two countries could be meant', '020 7946 0018', ['+44 20 7946 0018', '+49 20 7946 0018']],
  ['two national numbers say nothing of a country', '020 7946 0018', ['020 79460018']],
  ['no country code begins with zero', '020 7946 0018', ['+020 7946 0018']],
])('%s, so it stays as it is written', (_, number, others) => {
  expect(among(number, ...others)).toBe(number)
})

test('one country in two ways of writing is one', () => {
  expect(among('020 7946 0018', '+44 20 7946 0018', '0044 2079460018')).toBe('+44 20 7946 0018')
})
