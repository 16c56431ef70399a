import type { Search, SearchHit, StorageSession } from '@rapport/core/storage'
import { assertEqual } from '../assertion.js'
import type { DefineCase, DefineSuite } from './conformance-case.js'
import { search as searchRequirement } from './requirement.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

const entity = specimen.name

/** Finds candidates; each as its number and overlap. */
async function find(
  session: StorageSession,
  terms: readonly string[],
  { atLeast = 1, limit = 10, where }: Partial<Pick<Search, 'atLeast' | 'limit' | 'where'>> = {},
): Promise<[number, number][]> {
  const search: Search = { entity, path: 'terms', terms, atLeast, limit, ...(where && { where }) }
  const hits: SearchHit[] = await session.search!(search)
  return hits.map((hit) => [Number.parseInt(hit.id.slice(-4), 16), hit.overlap])
}

/** Candidates by overlap of terms. */
export const searchSuite: DefineSuite = (define) => {
  const defineSearch = (title: string, run: Parameters<DefineCase>[1]): void => define(title, run, searchRequirement)

  const rows = [
    specimenRow(idAt(1), { terms: ['ada', 'dal', 'lov'], stage: 'open' }),
    specimenRow(idAt(2), { terms: ['ada', 'lov', 'ove', 'vel'], stage: 'won' }),
    specimenRow(idAt(3), { terms: ['Ada', 'x'], stage: 'open' }),
    specimenRow(idAt(4), { terms: [], stage: 'open' }),
    specimenRow(idAt(5), { stage: 'open' }),
    specimenRow(idAt(6), { terms: ['ada', 'ada', '中文', '😀'], stage: 'open' }),
  ]

  defineSearch('rows that share terms come with their overlap, best first, ties by id', async ({ session }) => {
    await insertRows(session, specimen, rows.toReversed())
    assertEqual(
      await find(session, ['ada', 'lov', 'ove']),
      [
        [2, 3],
        [1, 2],
        [6, 1],
      ],
      'candidates for three terms',
    )
    assertEqual(
      await find(session, ['ada']),
      [
        [1, 1],
        [2, 1],
        [6, 1],
      ],
      'candidates for one term',
    )
    assertEqual(await find(session, ['nobody']), [], 'candidates for a term nobody has')
  })

  defineSearch('terms match whole, with case, in any script', async ({ session }) => {
    await insertRows(session, specimen, rows)
    assertEqual(await find(session, ['Ada']), [[3, 1]], 'candidates for a capital')
    assertEqual(await find(session, ['ad']), [], 'candidates for a part of a term')
    assertEqual(await find(session, ['中文', '😀', '%']), [[6, 2]], 'candidates for other scripts')
  })

  defineSearch('atLeast leaves out rows that share too little', async ({ session }) => {
    await insertRows(session, specimen, rows)
    assertEqual(
      await find(session, ['ada', 'lov', 'vel'], { atLeast: 2 }),
      [
        [2, 3],
        [1, 2],
      ],
      'candidates that share two',
    )
    assertEqual(await find(session, ['ada', 'lov', 'vel'], { atLeast: 3 }), [[2, 3]], 'candidates that share three')
  })

  defineSearch('a filter narrows the candidates before the limit does', async ({ session }) => {
    await insertRows(session, specimen, rows)
    const where = { op: 'eq', path: 'stage', value: 'open' } as const
    assertEqual(await find(session, ['ada', 'lov', 'vel'], { where, limit: 1 }), [[1, 2]], 'the best open candidate')
    const none = { op: 'or', args: [] } as const
    assertEqual(await find(session, ['ada'], { where: none }), [], 'candidates that pass nothing')
  })

  defineSearch('limit keeps the best', async ({ session }) => {
    await insertRows(session, specimen, rows)
    assertEqual(
      await find(session, ['ada', 'lov', 'ove'], { limit: 2 }),
      [
        [2, 3],
        [1, 2],
      ],
      'the best two',
    )
  })

  defineSearch('rows that come with candidates hold what was asked for', async ({ session }) => {
    await insertRows(session, specimen, rows)
    const hits = await session.search!({
      entity,
      path: 'terms',
      terms: ['ada'],
      atLeast: 1,
      limit: 10,
      fields: ['stage'],
    })
    assertEqual(
      hits.map(({ id, row }) => [id, row && [row.id, row.version, row.stage]]),
      hits.map(({ id, row }, place) => [id, row && [id, 1, ['open', 'won', 'open'][place]]]),
      'the rows of the candidates',
    )
    assertEqual(hits.length, 3, 'the number of candidates')
  })

  defineSearch('terms follow every kind of write', async ({ session }) => {
    await insertRows(session, specimen, rows)
    await session.write([
      { do: 'patch', entity, id: idAt(1), set: { terms: ['new'] } },
      { do: 'patch', entity, id: idAt(2), set: { terms: null }, touch: false },
      { do: 'delete', entity, id: idAt(6) },
      { do: 'upsert', entity, row: specimenRow(idAt(3), { terms: ['new', 'ada'] }) },
    ])
    assertEqual(await find(session, ['ada', 'lov', '😀']), [[3, 1]], 'candidates for old terms')
    assertEqual(
      await find(session, ['new']),
      [
        [1, 1],
        [3, 1],
      ],
      'candidates for new terms',
    )
  })

  defineSearch('a tenant finds its own rows alone', async ({ session, newTenant }) => {
    await insertRows(newTenant().session, specimen, rows)
    assertEqual(await find(session, ['ada']), [], 'candidates of an empty tenant')
  })
}
