import { expect, test } from 'vitest'
import { englishLocaliser } from '../../test/sample-localiser.js'
import { evidenceText } from './evidence-text.js'

const localiser = englishLocaliser()

test.each([
  [{ silence: 4.14, usualGap: 1 }, 'since last purchase 4.1 weeks · usual gap 1 week'],
  [{ value: 29, score: 4, bins: 5, segment: 'champions' }, '4 / 5'],
  [{ netValue: 28_450.4, cut: 20_000 }, 'net value $284.50 · cut $200.00'],
  [{ repeatPurchases: 13 }, 'repeat purchases 13'],
  [{ probabilityAlive: 0.834, part: 0.1 }, 'probability 83% · of the risk 10%'],
  [{ typicalSilence: 4.14, typicalSpend: 12_345 }, 'typically last bought 4.1 weeks · typical spend $123.45'],
  [{ owned: 'Tea', count: 12 }, 'with Tea · customers 12'],
  [{ note: '<b>', missing: Number.NaN }, ''],
  ['text', ''],
  [null, ''],
])('the evidence %j reads %j', (evidence, text) => {
  expect(evidenceText(evidence, 'USD', localiser)).toBe(text)
})

test('an amount without a currency stays a number', () => {
  expect(evidenceText({ costToServe: 12.5 }, undefined, localiser)).toBe('cost 12.5')
})
