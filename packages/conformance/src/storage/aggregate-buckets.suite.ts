import type { StorageSession } from '@rapport/core/storage'
import { assertEqual } from '../assertion.js'
import { assertGroups } from './aggregates.suite.js'
import { type BucketCase, bucketCases } from './bucket-cases.js'
import type { DefineSuite } from './conformance-case.js'
import { naiveAggregate } from './naive-aggregate.js'
import { aggregate } from './requirement.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

/** Grouping instants by calendar units in a time zone. */
export const aggregateBucketsSuite: DefineSuite = (define, rounds) => {
  for (const { title, instants, expected, ...bucketing } of bucketCases) {
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
