import type { DefineSuite } from './conformance-case.js'
import type { FilterCase } from './filter-cases.js'
import { insertLabelled } from './labelled-rows.js'

const jsonRows = {
  a: { custom: { region: 'north', size: 1, vip: true, list: ['x', 'y'], nested: { depth: { end: 'deep' } } } },
  b: { custom: { region: 'North', size: '1', vip: 'true', list: ['1', 'X'], nested: { depth: 5 } } },
  c: { custom: { region: null, size: 0, vip: false, list: [1, true], nested: [{ depth: 1 }] } },
  d: {},
  e: { custom: { region: '', size: 1.5, list: [], 'it\'s "so"': 'quoted', ключ: '值', '%': 'percent', $x: 'dollar' } },
  f: { custom: { region: ['north'], size: { value: 1 }, list: 'x', constructor: 'own' } },
  g: { custom: ['region', 'north'] },
  h: { custom: 'region' },
  i: { custom: {} },
}

const jsonCases: readonly FilterCase[] = [
  {
    title: 'eq and in compare scalars inside json with their types',
    filters: [
      [{ op: 'eq', path: 'custom.region', value: 'north' }, 'a'],
      [{ op: 'eq', path: 'custom.region', value: '' }, 'e'],
      [{ op: 'eq', path: 'custom.size', value: 1 }, 'a'],
      [{ op: 'eq', path: 'custom.size', value: '1' }, 'b'],
      [{ op: 'eq', path: 'custom.size', value: 0 }, 'c'],
      [{ op: 'eq', path: 'custom.size', value: 1.5 }, 'e'],
      [{ op: 'eq', path: 'custom.vip', value: true }, 'a'],
      [{ op: 'eq', path: 'custom.vip', value: 'true' }, 'b'],
      [{ op: 'eq', path: 'custom.vip', value: false }, 'c'],
      [{ op: 'in', path: 'custom.size', values: [1, '1', 7] }, 'ab'],
      [{ op: 'in', path: 'custom.region', values: [] }, ''],
    ],
  },
  {
    title: 'ne inside json is true of a missing value, of null and of another type',
    filters: [
      [{ op: 'ne', path: 'custom.region', value: 'north' }, 'bcdefghi'],
      [{ op: 'ne', path: 'custom.size', value: 1 }, 'bcdefghi'],
      [{ op: 'ne', path: 'custom.vip', value: false }, 'abdefghi'],
    ],
  },
  {
    title: 'isNull inside json is true of null and of paths that lead nowhere',
    filters: [
      [{ op: 'isNull', path: 'custom' }, 'd'],
      [{ op: 'isNull', path: 'custom.region' }, 'cdghi'],
      [{ op: 'isNull', path: 'custom.vip' }, 'defghi'],
      [{ op: 'isNull', path: 'custom.nested.depth' }, 'cdefghi'],
      [{ op: 'isNull', path: 'custom.nested.depth.end' }, 'bcdefghi'],
      [{ op: 'isNull', path: 'custom.region.length' }, 'abcdefghi'],
    ],
  },
  {
    title: 'what every object inherits is not a stored key',
    filters: [
      [{ op: 'isNull', path: 'custom.constructor' }, 'abcdeghi'],
      [{ op: 'isNull', path: 'custom.toString' }, 'abcdefghi'],
    ],
  },
  {
    title: 'keys inside json may hold quotes, signs and any script',
    filters: [
      [{ op: 'eq', path: 'custom.it\'s "so"', value: 'quoted' }, 'e'],
      [{ op: 'eq', path: 'custom.ключ', value: '值' }, 'e'],
      [{ op: 'eq', path: 'custom.%', value: 'percent' }, 'e'],
      [{ op: 'eq', path: 'custom.$x', value: 'dollar' }, 'e'],
      [{ op: 'isNull', path: "custom.' OR 1=1 --" }, 'abcdefghi'],
    ],
  },
  {
    title: 'a path reaches as deep as the json goes',
    filters: [
      [{ op: 'eq', path: 'custom.nested.depth.end', value: 'deep' }, 'a'],
      [{ op: 'eq', path: 'custom.nested.depth', value: 5 }, 'b'],
    ],
  },
  {
    title: 'has and hasAny find scalars in an array inside json, with their types',
    filters: [
      [{ op: 'has', path: 'custom.list', value: 'x' }, 'a'],
      [{ op: 'has', path: 'custom.list', value: 1 }, 'c'],
      [{ op: 'has', path: 'custom.list', value: '1' }, 'b'],
      [{ op: 'has', path: 'custom.list', value: true }, 'c'],
      [{ op: 'hasAny', path: 'custom.list', value: ['y', 1] }, 'ac'],
      [{ op: 'hasAny', path: 'custom.list', value: [] }, ''],
      [{ op: 'has', path: 'custom.region', value: 'north' }, 'f'],
    ],
  },
]

/** The operators that are portable inside a json field. */
export const jsonFiltersSuite: DefineSuite = (define) => {
  for (const { title, filters } of jsonCases) {
    define(title, async ({ session }) => {
      const rows = await insertLabelled(session, jsonRows)
      for (const [where, labels] of filters) await rows.expect(where, labels)
    })
  }

  define('not is the complement inside json too', async ({ session }) => {
    const rows = await insertLabelled(session, jsonRows)
    for (const { filters } of jsonCases) {
      for (const [where] of filters)
        await rows.expect({ op: 'not', arg: where }, rows.without(await rows.matching(where)))
    }
  })
}
