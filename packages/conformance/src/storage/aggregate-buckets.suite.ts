import type { Bucket, StorageSession, WeekStart } from '@rapport/core/storage'
import { assertEqual } from '../assertion.js'
import { assertGroups } from './aggregates.suite.js'
import type { DefineSuite } from './conformance-case.js'
import { naiveAggregate } from './naive-aggregate.js'
import { aggregate } from './requirement.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

interface BucketCase {
  readonly title: string
  readonly bucket: Bucket
  readonly timeZone?: string
  readonly weekStart?: WeekStart
  readonly instants: readonly string[]
  /** Start and size of every bucket, in order. Local dates follow from the zone's offset at the instant. */
  readonly expected: readonly (readonly [start: string | null, rows: number])[]
}

const cases: readonly BucketCase[] = [
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

/** Grouping instants by calendar units in a time zone. */
export const aggregateBucketsSuite: DefineSuite = (define, rounds) => {
  for (const { title, instants, expected, ...bucketing } of cases) {
    define(
      title,
      async ({ session }) => {
        await insertInstants(session, instants)
        assertEqual(await countBuckets(session, bucketing), expected, 'buckets with their sizes')
      },
      aggregate,
    )
  }

  define(
    'rows without the instant are a group of their own, last',
    async ({ session }) => {
      await insertInstants(session, ['2026-03-01T00:00:00.000Z', undefined, undefined])
      assertEqual(
        await countBuckets(session, { bucket: 'month' }),
        [
          ['2026-03-01', 1],
          [null, 2],
        ],
        'buckets with their sizes',
      )
    },
    aggregate,
  )

  define(
    'a bucket goes together with another key',
    async ({ session }) => {
      await insertRows(session, specimen, [
        specimenRow(idAt(1), { stage: 'b', at: '2026-03-01T00:00:00.000Z' }),
        specimenRow(idAt(2), { stage: 'a', at: '2026-04-01T00:00:00.000Z' }),
        specimenRow(idAt(3), { stage: 'a', at: '2026-03-02T00:00:00.000Z' }),
      ])
      const groups = await session.aggregate!({
        entity: specimen.name,
        by: [{ path: 'at', bucket: 'month' }, 'stage'],
        compute: { rows: { fn: 'count' } },
      })
      assertEqual(
        groups.map((group) => group.keys),
        [
          ['2026-03-01', 'a'],
          ['2026-03-01', 'b'],
          ['2026-04-01', 'a'],
        ],
        'keys',
      )
    },
    aggregate,
  )

  define(
    'random instants fall into the buckets that a naive calendar finds',
    async ({ session, random }) => {
      const span = Date.UTC(2027, 0, 1) - Date.UTC(2024, 0, 1)
      const instants = Array.from({ length: 120 }, () =>
        new Date(Date.UTC(2024, 0, 1) + Math.floor(random.fraction() * span)).toISOString(),
      )
      await insertInstants(session, instants)
      const rows = instants.map((at, index) => ({ ...specimenRow(idAt(index), { at }), version: 1 }))
      for (let round = 0; round < rounds(4, 15); round++) {
        const bucket = random.pick(['day', 'week', 'month', 'quarter', 'year'] as const)
        const timeZone = random.pick([
          'UTC',
          'Europe/Berlin',
          'America/New_York',
          'Asia/Kolkata',
          'Australia/Lord_Howe',
          'Pacific/Apia',
        ])
        const weekStart = random.pick(['monday', 'sunday', 'saturday'] as const)
        const question = {
          entity: specimen.name,
          by: [{ path: 'at', bucket }],
          timeZone,
          weekStart,
          compute: { rows: { fn: 'count' } },
        } as const
        const groups = await session.aggregate!(question)
        assertGroups(groups, naiveAggregate(question, rows), `by ${bucket} in ${timeZone}, weeks from ${weekStart}`)
      }
    },
    aggregate,
  )
}

async function insertInstants(session: StorageSession, instants: readonly (string | undefined)[]): Promise<void> {
  await insertRows(
    session,
    specimen,
    instants.map((at, index) => specimenRow(idAt(index), at === undefined ? {} : { at })),
  )
}

async function countBuckets(
  session: StorageSession,
  { bucket, ...calendar }: Pick<BucketCase, 'bucket' | 'timeZone' | 'weekStart'>,
): Promise<unknown[]> {
  const by = [{ path: 'at', bucket }]
  const groups = await session.aggregate!({
    entity: specimen.name,
    by,
    ...calendar,
    compute: { rows: { fn: 'count' } },
  })
  return groups.map((group) => [group.keys[0], group.values.rows])
}
