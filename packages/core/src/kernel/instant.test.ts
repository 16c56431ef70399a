import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCrmError } from './crm-error.js'
import { instantOf, requireInstant, toInstant } from './instant.js'

const two = (value: number): string => String(value).padStart(2, '0')

/** Days of a month by the calendar's own rule, not by `Date`. */
const daysIn = (year: number, month: number): number => {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
}

describe('toInstant', () => {
  test('turns offsets into UTC', () => {
    expect(toInstant('2026-03-01T10:00:00+01:00')).toBe('2026-03-01T09:00:00.000Z')
    expect(toInstant('2026-03-01T10:00:00-0530')).toBe('2026-03-01T15:30:00.000Z')
    expect(toInstant('2026-01-01T00:30:00+14:00')).toBe('2025-12-31T10:30:00.000Z')
    expect(toInstant('2026-03-01T10:00Z')).toBe('2026-03-01T10:00:00.000Z')
    expect(toInstant('2026-03-01t10:00:00z')).toBe('2026-03-01T10:00:00.000Z')
  })

  test('takes a bare date as midnight UTC', () => {
    expect(toInstant('2024-02-29')).toBe('2024-02-29T00:00:00.000Z')
  })

  test('fills and cuts fractions to the millisecond, never rounding', () => {
    expect(toInstant('2026-03-01T10:00:00.5Z')).toBe('2026-03-01T10:00:00.500Z')
    expect(toInstant('2026-03-01T10:00:00,25Z')).toBe('2026-03-01T10:00:00.250Z')
    expect(toInstant('2026-03-01T23:59:59.999999999Z')).toBe('2026-03-01T23:59:59.999Z')
  })

  test('refuses what names no moment', () => {
    for (const value of [
      '2026-03-01T10:00:00',
      '2026-03-01T24:00:00Z',
      '2026-03-01T10:60:00Z',
      '2026-03-01T10:00:60Z',
      '2026-03-01T10:00:00+24:00',
      '2026-03-01T10:00:00+01:60',
      '2026-3-1',
      '01.03.2026',
      '2026-03-01T10:00:00.Z',
      ' 2026-03-01',
      '2026-03-01\n',
      'now',
      '',
      0,
      null,
      undefined,
      new Date(Number.NaN),
    ])
      expect(toInstant(value), String(value)).toBeUndefined()
  })

  test('refuses years outside 0001 to 9999, also when only the offset leads there', () => {
    expect(toInstant('0001-01-01')).toBe('0001-01-01T00:00:00.000Z')
    expect(toInstant('9999-12-31T23:59:59.999Z')).toBe('9999-12-31T23:59:59.999Z')
    expect(toInstant('0000-12-31')).toBeUndefined()
    expect(toInstant('0001-01-01T00:00:00+00:01')).toBeUndefined()
    expect(toInstant('9999-12-31T23:59:59-00:01')).toBeUndefined()
    expect(toInstant('+010000-01-01T00:00:00Z')).toBeUndefined()
    expect(toInstant(new Date(Date.UTC(10_000, 0, 1)))).toBeUndefined()
    expect(toInstant(new Date(-62_198_755_200_000))).toBeUndefined()
  })

  test('accepts a day exactly when the calendar has it', () => {
    const part = fc.integer({ min: 0, max: 35 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999 }), part, part, (year, month, day) => {
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
        const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
        expect(toInstant(text)).toBe(exists ? `${text}T00:00:00.000Z` : undefined)
      }),
      { numRuns: 2_000 },
    )
    for (const year of [1900, 2000, 2023, 2024, 2100, 2400])
      expect(toInstant(`${year}-02-29`) !== undefined).toBe(daysIn(year, 2) === 29)
  })

  test('agrees with Date for every offset, and is its own canonical form', () => {
    const moment = fc.integer({ min: Date.UTC(1000, 0, 2), max: Date.UTC(9999, 11, 30) })
    fc.assert(
      fc.property(moment, fc.integer({ min: -1_439, max: 1_439 }), (epochMs, offsetMinutes) => {
        const local = new Date(epochMs + offsetMinutes * 60_000).toISOString().slice(0, -1)
        const ahead = Math.abs(offsetMinutes)
        const zone = `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`
        const instant = toInstant(local + zone)
        expect(instant).toBe(new Date(epochMs).toISOString())
        expect(toInstant(instant)).toBe(instant)
        expect(toInstant(new Date(epochMs))).toBe(instant)
        expect(instantOf(epochMs)).toBe(instant)
      }),
      { numRuns: 1_000 },
    )
  })

  test('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const instant = toInstant(value)
        if (instant !== undefined) expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      }),
      { numRuns: 1_000 },
    )
  })
})

test('requireInstant names the field and never repeats the value', () => {
  const caught = (() => {
    try {
      return requireInstant('soon, says Ada', 'placedAt')
    } catch (error) {
      return error
    }
  })()
  if (!isCrmError(caught, 'validation_failed')) throw caught
  expect(caught.details.field).toBe('placedAt')
  expect(JSON.stringify(caught)).not.toContain('Ada')
})
