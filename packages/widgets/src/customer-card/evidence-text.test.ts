import { expect, test } from 'vitest'
import { englishLocaliser } from '../../test/sample-localiser.js'
import { evidenceText } from './evidence-text.js'

const localiser = englishLocaliser()

test.each([
  [{ silence: 4.14, usualGap: 1 }, 'since last purchase 4.1 weeks · usual gap 1 week'],
  [{ value: 29, score: 4, bins: 5, segment: 'champions' }, '4 / 5'],
  [{ netValue: 28_450.4, cut: 20_000 }, 'net value $284.50 · cut $200.00'],
  [{ repeatPurchases: 13 }, 'repeat purchases 13'],
  [{ note: '<b>', missing: Number.NaN }, ''],
  ['text', ''],
  [null, ''],
])('the evidence %j reads %j', (evidence, text) => {
  expect(evidenceText(evidence, 'USD', localiser)).toBe(text)
})

test('an amount without a currency stays a number', () => {
  expect(evidenceText({ costToServe: 12.5 }, undefined, localiser)).toBe('cost 12.5')
})
