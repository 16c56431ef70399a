import type { Bucket, WeekStart } from '@rapport/core/storage'

/** A promise about one calendar unit: instants, and the buckets they fall into. */
export interface BucketCase {
  readonly title: string
  readonly bucket: Bucket
  readonly timeZone?: string
  readonly weekStart?: WeekStart
  readonly instants: readonly string[]
  /** Start and size of every bucket, in order. Local dates follow from the zone's offset at the instant. */
  readonly expected: readonly (readonly [start: string | null, rows: number])[]
}

export const bucketCases: readonly BucketCase[] = [
  {
    title: 'days are those of UTC where no zone is named',
    bucket: 'day',
    instants: [
      '2026-02-28T23:59:59.999Z',
      '2026-03-01T00:00:00.000Z',
      '2026-03-01T23:59:59.999Z',
      '1969-12-31T23:59:59.999Z',
    ],
    expected: [
      ['1969-12-31', 1],
      ['2026-02-28', 1],
      ['2026-03-01', 2],
    ],
  },
  {
    // The clock goes from 02:00 +01:00 to 03:00 +02:00 at 01:00 UTC: the local day has 23 hours.
    title: 'the spring day of Europe/Berlin has 23 hours',
    bucket: 'day',
    timeZone: 'Europe/Berlin',
    instants: [
      '2026-03-28T22:59:59.999Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T00:59:59.999Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T21:59:59.999Z',
      '2026-03-29T22:00:00.000Z',
    ],
    expected: [
      ['2026-03-28', 1],
      ['2026-03-29', 4],
      ['2026-03-30', 1],
    ],
  },
  {
    // The clock goes from 03:00 +02:00 back to 02:00 +01:00 at 01:00 UTC: the local day has 25 hours.
    title: 'the autumn day of Europe/Berlin has 25 hours',
    bucket: 'day',
    timeZone: 'Europe/Berlin',
    instants: [
      '2026-10-24T21:59:59.999Z',
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T22:59:59.999Z',
      '2026-10-25T23:00:00.000Z',
    ],
    expected: [
      ['2026-10-24', 1],
      ['2026-10-25', 4],
      ['2026-10-26', 1],
    ],
  },
  {
    // 8 March 2026: -05:00 until 07:00 UTC, then -04:00.
    title: 'the spring day of America/New_York has 23 hours',
    bucket: 'day',
    timeZone: 'America/New_York',
    instants: [
      '2026-03-08T04:59:59.999Z',
      '2026-03-08T05:00:00.000Z',
      '2026-03-08T07:00:00.000Z',
      '2026-03-09T03:59:59.999Z',
      '2026-03-09T04:00:00.000Z',
    ],
    expected: [
      ['2026-03-07', 1],
      ['2026-03-08', 3],
      ['2026-03-09', 1],
    ],
  },
  {
    // 1 November 2026: -04:00 until 06:00 UTC, then -05:00.
    title: 'the autumn day of America/New_York has 25 hours',
    bucket: 'day',
    timeZone: 'America/New_York',
    instants: [
      '2026-11-01T03:59:59.999Z',
      '2026-11-01T04:00:00.000Z',
      '2026-11-01T05:30:00.000Z',
      '2026-11-01T06:30:00.000Z',
      '2026-11-02T04:59:59.999Z',
      '2026-11-02T05:00:00.000Z',
    ],
    expected: [
      ['2026-10-31', 1],
      ['2026-11-01', 4],
      ['2026-11-02', 1],
    ],
  },
  {
    title: 'a zone may be off by half an hour',
    bucket: 'day',
    timeZone: 'Asia/Kolkata',
    instants: ['2026-03-01T18:29:59.999Z', '2026-03-01T18:30:00.000Z'],
    expected: [
      ['2026-03-01', 1],
      ['2026-03-02', 1],
    ],
  },
  {
    // 1 March 2026 is a Sunday.
    title: 'weeks start on Monday where nothing else is said',
    bucket: 'week',
    instants: ['2026-03-01T12:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-08T23:59:59.999Z'],
    expected: [
      ['2026-02-23', 1],
      ['2026-03-02', 2],
    ],
  },
  {
    title: 'weeks may start on Sunday',
    bucket: 'week',
    weekStart: 'sunday',
    instants: [
      '2026-02-28T23:59:59.999Z',
      '2026-03-01T00:00:00.000Z',
      '2026-03-07T12:00:00.000Z',
      '2026-03-08T12:00:00.000Z',
    ],
    expected: [
      ['2026-02-22', 1],
      ['2026-03-01', 2],
      ['2026-03-08', 1],
    ],
  },
  {
    title: 'weeks may start on Saturday',
    bucket: 'week',
    weekStart: 'saturday',
    instants: [
      '2026-02-27T12:00:00.000Z',
      '2026-02-28T00:00:00.000Z',
      '2026-03-06T23:59:59.999Z',
      '2026-03-07T00:00:00.000Z',
    ],
    expected: [
      ['2026-02-21', 1],
      ['2026-02-28', 2],
      ['2026-03-07', 1],
    ],
  },
  {
    title: "a week may begin in the year before, and in the zone's own day",
    bucket: 'week',
    timeZone: 'America/New_York',
    instants: ['2026-01-01T12:00:00.000Z', '2026-01-05T04:59:59.999Z', '2026-01-05T05:00:00.000Z'],
    expected: [
      ['2025-12-29', 2],
      ['2026-01-05', 1],
    ],
  },
  {
    title: 'months are local',
    bucket: 'month',
    timeZone: 'Europe/Berlin',
    instants: [
      '2026-02-28T22:59:59.999Z',
      '2026-02-28T23:00:00.000Z',
      '2026-03-31T21:59:59.999Z',
      '2026-03-31T22:00:00.000Z',
    ],
    expected: [
      ['2026-02-01', 1],
      ['2026-03-01', 2],
      ['2026-04-01', 1],
    ],
  },
  {
    title: 'quarters start in January, April, July and October',
    bucket: 'quarter',
    timeZone: 'America/New_York',
    instants: [
      '2026-01-01T04:59:59.999Z',
      '2026-01-01T05:00:00.000Z',
      '2026-06-30T12:00:00.000Z',
      '2026-07-01T12:00:00.000Z',
      '2026-12-31T12:00:00.000Z',
    ],
    expected: [
      ['2025-10-01', 1],
      ['2026-01-01', 1],
      ['2026-04-01', 1],
      ['2026-07-01', 1],
      ['2026-10-01', 1],
    ],
  },
  {
    title: 'years are local',
    bucket: 'year',
    timeZone: 'Pacific/Auckland',
    instants: ['2025-12-31T10:59:59.999Z', '2025-12-31T11:00:00.000Z', '2026-12-31T10:59:59.999Z'],
    expected: [
      ['2025-01-01', 1],
      ['2026-01-01', 2],
    ],
  },
]
