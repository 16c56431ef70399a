import type { Filter } from '@rapport/core/storage'
import { assertFails } from '../assertion.js'
import type { DefineSuite } from './conformance-case.js'
import { filterCases, filterRows } from './filter-cases.js'
import { insertLabelled } from './labelled-rows.js'
import { queryOf } from './reading.js'
import { specimen } from './specimen.js'

/** Every operator on fields of every type, two-valued. */
export const filtersSuite: DefineSuite = (define) => {
  for (const { title, filters } of filterCases) {
    define(title, async ({ session }) => {
      const rows = await insertLabelled(session, filterRows)
      for (const [where, labels] of filters) await rows.expect(where, labels)
    })
  }

  define('not is the complement of every filter', async ({ session }) => {
    const rows = await insertLabelled(session, filterRows)
    for (const { filters } of filterCases) {
      for (const [where] of filters)
        await rows.expect({ op: 'not', arg: where }, rows.without(await rows.matching(where)))
    }
  })

  define('a filter nested thirty deep is answered', async ({ session }) => {
    const rows = await insertLabelled(session, filterRows)
    let where: Filter = { op: 'eq', path: 'score', value: 10 }
    for (let depth = 0; depth < 10; depth++) {
      where = { op: depth % 2 ? 'and' : 'or', args: [{ op: 'not', arg: { op: 'not', arg: where } }] }
    }
    await rows.expect(where, 'ag')
  })

  define('isNull deletedAt leaves out soft-deleted rows, alone and beside other filters', async ({ session }) => {
    const rows = await insertLabelled(session, {
      a: { name: 'x' },
      b: { name: 'x', deletedAt: '2026-01-01T00:00:00.000Z' },
      c: { name: 'y', stage: 'won' },
    })
    const live: Filter = { op: 'isNull', path: 'deletedAt' }
    await rows.expect(live, 'ac')
    await rows.expect({ op: 'and', args: [live, { op: 'eq', path: 'stage', value: 'open' }] }, 'a')
    await rows.expect({ op: 'and', args: [live, { op: 'eq', path: 'name', value: 'x' }] }, 'a')
    await rows.expect({ op: 'eq', path: 'name', value: 'x' }, 'ab')
  })

  define('an undeclared path is refused with validation_failed', async ({ session }) => {
    const where: Filter = { op: 'eq', path: 'nowhere', value: 1 }
    await assertFails(
      () => session.find(queryOf(specimen, { where })),
      'validation_failed',
      {},
      'find by an undeclared path',
    )
  })
}
