import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCrmError } from './crm-error.js'
import { addMoney, formatDecimal, isCurrency, minorDigits, parseMoney } from './money.js'

/** Minor digits as ISO 4217 lists them. */
const digitsByIso = { EUR: 2, USD: 2, CNY: 2, JPY: 0, KRW: 0, KWD: 3, BHD: 3 } as const

const failure = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}

test('minorDigits follows ISO 4217', () => {
  for (const [currency, digits] of Object.entries(digitsByIso)) expect(minorDigits(currency), currency).toBe(digits)
})

test('isCurrency knows codes in capital letters only', () => {
  expect(isCurrency('EUR')).toBe(true)
  for (const other of ['eur', 'EU', 'EURO', 'XQQ', '', ' EUR', undefined, 978]) expect(isCurrency(other)).toBe(false)
})

describe('parseMoney', () => {
  test('reads decimals exactly, where a product of floats would not', () => {
    expect(parseMoney('29.33', 'USD')).toEqual({ amountMinor: 2933, currency: 'USD' })
    expect(parseMoney('1.1', 'EUR').amountMinor).toBe(110)
    expect(parseMoney('4.35', 'EUR').amountMinor).toBe(435)
    expect(parseMoney('1.005', 'KWD').amountMinor).toBe(1005)
    expect(parseMoney('-7', 'JPY').amountMinor).toBe(-7)
    expect(parseMoney(' +0.50 ', 'EUR').amountMinor).toBe(50)
  })

  test('drops zeros beyond the minor unit and refuses other digits there', () => {
    expect(parseMoney('29.3300', 'USD').amountMinor).toBe(2933)
    expect(
      isCrmError(
        failure(() => parseMoney('29.331', 'USD')),
        'validation_failed',
      ),
    ).toBe(true)
    expect(
      isCrmError(
        failure(() => parseMoney('5.5', 'JPY')),
        'validation_failed',
      ),
    ).toBe(true)
  })

  test('has no negative zero', () => {
    expect(Object.is(parseMoney('-0.00', 'EUR').amountMinor, 0)).toBe(true)
  })

  test('refuses what is no plain decimal, and what is too large to be exact', () => {
    for (const text of ['', '1,5', '1e3', '.5', '5.', '0x10', 'NaN', '1 000', '--1', '９', '90071992547409.92']) {
      expect(
        isCrmError(
          failure(() => parseMoney(text, 'EUR')),
          'validation_failed',
        ),
        text,
      ).toBe(true)
    }
    expect(parseMoney('90071992547409.91', 'EUR').amountMinor).toBe(Number.MAX_SAFE_INTEGER)
    expect(
      isCrmError(
        failure(() => parseMoney('1', 'XQQ')),
        'validation_failed',
      ),
    ).toBe(true)
  })
})

test('formatDecimal and parseMoney are inverse for currencies of 0, 2 and 3 digits', () => {
  const currency = fc.constantFrom(...Object.keys(digitsByIso))
  fc.assert(
    fc.property(fc.maxSafeInteger(), currency, (amountMinor, code) => {
      const text = formatDecimal({ amountMinor, currency: code })
      expect(parseMoney(text, code)).toEqual({ amountMinor: amountMinor + 0, currency: code })
      expect(text).toMatch(digitsByIso[code as keyof typeof digitsByIso] === 0 ? /^-?\d+$/ : /^-?\d+\.\d{2,3}$/)
    }),
  )
  expect(formatDecimal({ amountMinor: -5, currency: 'EUR' })).toBe('-0.05')
  expect(formatDecimal({ amountMinor: 5, currency: 'KWD' })).toBe('0.005')
})

test('formatDecimal refuses an amount that is no whole number of minor units', () => {
  for (const amountMinor of [0.5, Number.NaN, 1e21, Number.POSITIVE_INFINITY]) {
    expect(
      isCrmError(
        failure(() => formatDecimal({ amountMinor, currency: 'EUR' })),
        'validation_failed',
      ),
    ).toBe(true)
  }
})

test('addMoney adds one currency exactly, and refuses two currencies or a sum that is not exact', () => {
  expect(addMoney({ amountMinor: 1, currency: 'EUR' }, { amountMinor: 2, currency: 'EUR' })).toEqual({
    amountMinor: 3,
    currency: 'EUR',
  })
  const euros = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })
  const mixed = failure(() => addMoney(euros(1), { amountMinor: 1, currency: 'USD' }))
  expect(isCrmError(mixed, 'rule_violated')).toBe(true)
  const tooLarge = failure(() => addMoney(euros(Number.MAX_SAFE_INTEGER), euros(1)))
  expect(isCrmError(tooLarge, 'validation_failed')).toBe(true)
})
