import type { Aggregate, AggregateGroup, Row, StorageSession } from '@rapport/core/storage'
import { assertClose, assertEqual } from '../assertion.js'
import type { DefineCase, DefineSuite } from './conformance-case.js'
import { naiveAggregate } from './naive-aggregate.js'
import { randomRows } from './random-rows.js'
import { aggregate as aggregateRequirement } from './requirement.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

type Question = Omit<Aggregate, 'entity'>

/** Fails unless the groups are as expected, averages and sums of fractions up to rounding. */
export function assertGroups(
  actual: readonly AggregateGroup[],
  expected: readonly AggregateGroup[],
  what: string,
): void {
  assertEqual(
    actual.map((group) => group.keys),
    expected.map((group) => group.keys),
    `${what}: keys`,
  )
  for (const [index, { keys, values }] of expected.entries()) {
    const computed = actual[index]?.values ?? {}
    const place = `${what}: group ${JSON.stringify(keys)}`
    assertEqual(Object.keys(computed).sort(), Object.keys(values).sort(), `${place}: names`)
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === 'number') assertClose(computed[name], value, `${place}: ${name}`)
      else assertEqual(computed[name], value, `${place}: ${name}`)
    }
  }
}

async function ask(session: StorageSession, question: Question): Promise<AggregateGroup[]> {
  return session.aggregate!({ entity: specimen.name, ...question })
}

const everything: Aggregate['compute'] = {
  rows: { fn: 'count' },
  scored: { fn: 'count', path: 'score' },
  names: { fn: 'countDistinct', path: 'name' },
  ranks: { fn: 'sum', path: 'rank' },
  ratios: { fn: 'sum', path: 'ratio' },
  meanRank: { fn: 'avg', path: 'rank' },
  meanValue: { fn: 'avg', path: 'scores.clv.value' },
  least: { fn: 'min', path: 'score' },
  greatest: { fn: 'max', path: 'score' },
  firstName: { fn: 'min', path: 'name' },
  lastName: { fn: 'max', path: 'name' },
  first: { fn: 'min', path: 'at' },
  last: { fn: 'max', path: 'at' },
}

/** Counting and summing in groups. */
export const aggregatesSuite: DefineSuite = (define, rounds) => {
  const defineAggregate = (title: string, run: Parameters<DefineCase>[1]): void =>
    define(title, run, aggregateRequirement)

  const rows = [
    specimenRow(idAt(1), { stage: 'open', name: 'b', score: 4, ratio: 0.5, at: '2026-01-01T00:00:00.000Z' }),
    specimenRow(idAt(2), { stage: 'open', name: 'B', score: -6, at: '2026-01-01T00:00:00.001Z', active: true }),
    specimenRow(idAt(3), { stage: 'open', name: 'b', ratio: 0.25, active: false }),
    specimenRow(idAt(4), { stage: 'Won', name: '', score: 4, active: true }),
    specimenRow(idAt(5), { stage: 'won' }),
  ]

  defineAggregate('without groups there is exactly one', async ({ session }) => {
    await insertRows(session, specimen, rows)
    const groups = await ask(session, {
      compute: {
        rows: { fn: 'count' },
        scored: { fn: 'count', path: 'score' },
        scores: { fn: 'countDistinct', path: 'score' },
        names: { fn: 'countDistinct', path: 'name' },
        total: { fn: 'sum', path: 'score' },
        mean: { fn: 'avg', path: 'score' },
        ratio: { fn: 'avg', path: 'ratio' },
        least: { fn: 'min', path: 'score' },
        greatest: { fn: 'max', path: 'score' },
        firstName: { fn: 'min', path: 'name' },
        lastName: { fn: 'max', path: 'name' },
        last: { fn: 'max', path: 'at' },
      },
    })
    const values = {
      rows: 5,
      scored: 3,
      scores: 2,
      names: 3,
      total: 2,
      mean: 2 / 3,
      ratio: 0.375,
      least: -6,
      greatest: 4,
      firstName: '',
      lastName: 'b',
      last: '2026-01-01T00:00:00.001Z',
    }
    assertGroups(groups, [{ keys: [], values }], 'one group')
  })

  defineAggregate(
    'of no rows: count and sum are 0, the rest is null, and only the group without keys is there',
    async ({ session }) => {
      const compute: Aggregate['compute'] = {
        rows: { fn: 'count' },
        scored: { fn: 'count', path: 'score' },
        different: { fn: 'countDistinct', path: 'score' },
        total: { fn: 'sum', path: 'score' },
        ratios: { fn: 'sum', path: 'ratio' },
        mean: { fn: 'avg', path: 'score' },
        least: { fn: 'min', path: 'name' },
        last: { fn: 'max', path: 'at' },
      }
      const values = { rows: 0, scored: 0, different: 0, total: 0, ratios: 0, mean: null, least: null, last: null }
      assertGroups(await ask(session, { compute }), [{ keys: [], values }], 'an empty entity')
      assertGroups(await ask(session, { by: ['stage'], compute }), [], 'an empty entity by stage')
      await insertRows(session, specimen, rows)
      const where = { op: 'eq', path: 'name', value: 'nobody' } as const
      assertGroups(await ask(session, { where, compute }), [{ keys: [], values }], 'a filter that no row passes')
      const missing = { ...values, rows: 1 }
      const lone = await ask(session, { where: { op: 'eq', path: 'stage', value: 'won' }, compute })
      assertGroups(lone, [{ keys: [], values: missing }], 'a row without values')
    },
  )

  defineAggregate('groups come in ascending order of their keys, by code point, missing last', async ({ session }) => {
    await insertRows(session, specimen, rows)
    const compute = { rows: { fn: 'count' } } as const
    const keys = async (by: Question['by']): Promise<unknown[]> =>
      (await ask(session, { by: by ?? [], compute })).map((group) => [...group.keys, group.values.rows])
    assertEqual(
      await keys(['stage']),
      [
        ['Won', 1],
        ['open', 3],
        ['won', 1],
      ],
      'by stage',
    )
    assertEqual(
      await keys(['active']),
      [
        [false, 1],
        [true, 2],
        [null, 2],
      ],
      'by active',
    )
    assertEqual(
      await keys(['score']),
      [
        [-6, 1],
        [4, 2],
        [null, 2],
      ],
      'by score',
    )
    assertEqual(
      await keys(['name']),
      [
        ['', 1],
        ['B', 1],
        ['b', 2],
        [null, 1],
      ],
      'by name',
    )
    assertEqual(
      await keys(['stage', 'score']),
      [
        ['Won', 4, 1],
        ['open', -6, 1],
        ['open', 4, 1],
        ['open', null, 1],
        ['won', null, 1],
      ],
      'by stage and score',
    )
  })

  defineAggregate('limit keeps the first groups', async ({ session }) => {
    await insertRows(session, specimen, rows)
    const groups = await ask(session, { by: ['stage'], compute: { rows: { fn: 'count' } }, limit: 2 })
    assertEqual(
      groups.map((group) => group.keys),
      [['Won'], ['open']],
      'keys of the first two groups',
    )
  })

  defineAggregate('at most 1,000 groups come where no limit is named', async ({ session }) => {
    const many = Array.from({ length: 1_020 }, (_, index) => specimenRow(idAt(index), { score: index }))
    await insertRows(session, specimen, many)
    const groups = await ask(session, { by: ['score'], compute: { rows: { fn: 'count' } } })
    assertEqual([groups.length, groups.at(-1)?.keys[0]], [1_000, 999], 'number of groups and key of the last')
  })

  defineAggregate('count counts rows that have a list, a json value or a place inside one', async ({ session }) => {
    await insertRows(session, specimen, [
      specimenRow(idAt(1), { tags: [], custom: { region: 'north', size: 0 } }),
      specimenRow(idAt(2), { tags: ['a'], custom: { region: null } }),
      specimenRow(idAt(3), { custom: [] }),
      specimenRow(idAt(4)),
    ])
    const [group] = await ask(session, {
      compute: {
        tags: { fn: 'count', path: 'tags' },
        custom: { fn: 'count', path: 'custom' },
        region: { fn: 'count', path: 'custom.region' },
        size: { fn: 'count', path: 'custom.size' },
      },
    })
    assertEqual(group?.values, { tags: 2, custom: 3, region: 1, size: 1 }, 'counts')
  })

  defineAggregate("only rows that pass the filter count, and only the tenant's own", async ({ session, newTenant }) => {
    await insertRows(session, specimen, rows)
    await insertRows(newTenant().session, specimen, rows)
    const where = { op: 'not', arg: { op: 'eq', path: 'active', value: true } } as const
    const groups = await ask(session, {
      where,
      by: ['stage'],
      compute: { rows: { fn: 'count' }, total: { fn: 'sum', path: 'score' } },
    })
    assertGroups(
      groups,
      [
        { keys: ['open'], values: { rows: 2, total: 4 } },
        { keys: ['won'], values: { rows: 1, total: 0 } },
      ],
      'rows that are not active',
    )
  })

  defineAggregate('sums of whole numbers stay exact beyond 2^32', async ({ session }) => {
    const amounts = [4_503_599_627_370_495, 4_503_599_627_370_495, 1]
    await insertRows(
      session,
      specimen,
      amounts.map((score, index) => specimenRow(idAt(index), { score })),
    )
    const [group] = await ask(session, { compute: { total: { fn: 'sum', path: 'score' } } })
    assertEqual(group?.values.total, 9_007_199_254_740_991, 'sum of whole numbers')
  })

  defineAggregate('random questions are answered as a naive reducer answers them', async ({ session, random }) => {
    const stored = randomRows(random, 150)
    await insertRows(session, specimen, stored)
    const all = stored.map((row): Row => ({ ...row, version: 1 }))
    const keyPaths = ['stage', 'name', 'rank', 'active', 'ratio', 'at'] as const
    for (let round = 0; round < rounds(6, 20); round++) {
      const by = random.shuffle(keyPaths).slice(0, random.integer(0, 2))
      const question = { entity: specimen.name, by, compute: everything }
      assertGroups(await ask(session, question), naiveAggregate(question, all), `by ${by.join(' and ') || 'nothing'}`)
    }
  })
}
