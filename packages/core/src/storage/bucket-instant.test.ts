import { describe, expect, it } from 'vitest'
import { bucketInstant, bucketInstants, isTimeZone } from './bucket-instant.js'

describe('bucketInstant', () => {
  // 2026-03-29 is a Sunday; Berlin changes to summer time that night. Weekdays by any calendar.
  it.each([
    ['2026-03-29T12:00:00.000Z', 'day', 'UTC', undefined, '2026-03-29'],
    ['2026-03-29T12:00:00.000Z', 'week', 'UTC', 'monday', '2026-03-23'],
    ['2026-03-29T12:00:00.000Z', 'week', 'UTC', 'sunday', '2026-03-29'],
    ['2026-03-29T12:00:00.000Z', 'week', 'UTC', 'saturday', '2026-03-28'],
    ['2026-03-29T12:00:00.000Z', 'month', 'UTC', undefined, '2026-03-01'],
    ['2026-05-31T12:00:00.000Z', 'quarter', 'UTC', undefined, '2026-04-01'],
    ['2026-12-31T12:00:00.000Z', 'year', 'UTC', undefined, '2026-01-01'],
    ['2026-03-31T22:30:00.000Z', 'month', 'Europe/Berlin', undefined, '2026-04-01'],
    ['2026-01-31T22:30:00.000Z', 'month', 'Europe/Berlin', undefined, '2026-01-01'],
    ['2026-01-01T04:59:59.999Z', 'year', 'America/New_York', undefined, '2025-01-01'],
    ['2026-03-01T18:15:00.000Z', 'day', 'Asia/Kathmandu', undefined, '2026-03-02'],
    ['2026-03-01T18:14:59.999Z', 'day', 'Asia/Kathmandu', undefined, '2026-03-01'],
    // Samoa left out 2011-12-30 (IANA tz, Pacific/Apia).
    ['2011-12-30T09:59:59.999Z', 'day', 'Pacific/Apia', undefined, '2011-12-29'],
    ['2011-12-30T10:00:00.000Z', 'day', 'Pacific/Apia', undefined, '2011-12-31'],
    ['0001-01-01T00:00:00.000Z', 'week', 'UTC', 'monday', '0001-01-01'],
    ['1969-12-31T23:59:59.999Z', 'day', 'UTC', undefined, '1969-12-31'],
  ] as const)('%s by %s in %s starts %s on %s', (instant, bucket, timeZone, weekStart, expected) => {
    expect(bucketInstant(instant, bucket, timeZone, weekStart)).toBe(expected)
  })

  it('gives the same day to every instant around a change of the clock, whatever was asked before', () => {
    const day = bucketInstants('day', 'Europe/Berlin')
    const start = Date.parse('2026-03-28T22:00:00.000Z')
    const found = Array.from({ length: 30 }, (_, hour) => day(new Date(start + hour * 3_600_000).toISOString()))
    // 23 hours of 29 March: from 23:00Z on the 28th to 22:00Z on the 29th.
    expect(found.filter((name) => name === '2026-03-29')).toHaveLength(23)
  })

  it('refuses a zone that does not exist', () => {
    expect(isTimeZone('Mars/Olympus')).toBe(false)
    expect(() => bucketInstants('day', 'Mars/Olympus')).toThrow(/IANA/)
  })
})
