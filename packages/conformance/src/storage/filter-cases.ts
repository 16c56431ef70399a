import type { Filter } from '@rapport/core/storage'

/** A promise about one operator: filters, each with the labels of the rows that pass it. */
export interface FilterCase {
  readonly title: string
  readonly filters: readonly (readonly [where: Filter, labels: string])[]
}

/** The rows the cases are about. `d` holds nothing but what every row must hold. */
export const filterRows: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  a: { name: 'Ada', score: 10, ratio: 0.5, active: true, at: '2026-03-01T10:00:00.000Z', tags: ['vip', 'eu'] },
  b: { name: 'ada', score: -3, ratio: -0.25, active: false, at: '2026-03-01T10:00:00.001Z', tags: [] },
  c: { name: '', score: 0, ratio: 0, at: '0001-01-01T00:00:00.000Z', tags: ['VIP'], 'scores.clv.value': 12.5 },
  d: {},
  e: { name: '100%_\\sure', score: 9_007_199_254_740_991, ratio: 1e300, active: true, tags: ['vip', '', 'a,b'] },
  f: { name: '1000 sure', score: -9_007_199_254_740_991, active: false, at: '9999-12-31T23:59:59.999Z' },
  g: { name: 'Ada Lovelace 😀', score: 10, ratio: 0.1, tags: ['😀', '"quoted"', '{brace}'] },
  h: { name: 'Zoë', stage: 'lost', score: 11, 'scores.clv.value': 0, 'scores.clv.orders': 3 },
  i: { name: "O'Neil; drop", stage: 'Open', tags: ['NULL'] },
}

export const filterCases: readonly FilterCase[] = [
  {
    title: 'eq finds equal text, numbers, booleans and instants, and respects case',
    filters: [
      [{ op: 'eq', path: 'name', value: 'Ada' }, 'a'],
      [{ op: 'eq', path: 'name', value: 'ada' }, 'b'],
      [{ op: 'eq', path: 'name', value: 'Zoë' }, 'h'],
      [{ op: 'eq', path: 'name', value: 'Zoe' }, ''],
      [{ op: 'eq', path: 'name', value: "O'Neil; drop" }, 'i'],
      [{ op: 'eq', path: 'name', value: '100%_\\sure' }, 'e'],
      [{ op: 'eq', path: 'stage', value: 'open' }, 'abcdefg'],
      [{ op: 'eq', path: 'score', value: 10 }, 'ag'],
      [{ op: 'eq', path: 'score', value: 9_007_199_254_740_991 }, 'e'],
      [{ op: 'eq', path: 'score', value: 9_007_199_254_740_990 }, ''],
      [{ op: 'eq', path: 'score', value: 0 }, 'c'],
      [{ op: 'eq', path: 'ratio', value: 0.1 }, 'g'],
      [{ op: 'eq', path: 'active', value: true }, 'ae'],
      [{ op: 'eq', path: 'active', value: false }, 'bf'],
      [{ op: 'eq', path: 'at', value: '2026-03-01T10:00:00.001Z' }, 'b'],
      [{ op: 'eq', path: 'id', value: '00000000-0000-7000-8000-000000000004' }, 'd'],
      [{ op: 'eq', path: 'version', value: 1 }, 'abcdefghi'],
      [{ op: 'eq', path: 'scores.clv.value', value: 12.5 }, 'c'],
    ],
  },
  {
    title: 'eq with the empty string finds the empty string, not the missing value',
    filters: [
      [{ op: 'eq', path: 'name', value: '' }, 'c'],
      [{ op: 'eq', path: 'note', value: '' }, ''],
    ],
  },
  {
    title: 'ne is true of a missing value',
    filters: [
      [{ op: 'ne', path: 'name', value: 'Ada' }, 'bcdefghi'],
      [{ op: 'ne', path: 'score', value: 10 }, 'bcdefhi'],
      [{ op: 'ne', path: 'active', value: true }, 'bcdfghi'],
      [{ op: 'ne', path: 'at', value: '2026-03-01T10:00:00.000Z' }, 'bcdefghi'],
      [{ op: 'ne', path: 'note', value: 'anything' }, 'abcdefghi'],
      [{ op: 'ne', path: 'stage', value: 'open' }, 'hi'],
    ],
  },
  {
    title: 'lt, lte, gt and gte are false of a missing value',
    filters: [
      [{ op: 'lt', path: 'score', value: 10 }, 'bcf'],
      [{ op: 'lte', path: 'score', value: 10 }, 'abcfg'],
      [{ op: 'gt', path: 'score', value: 10 }, 'eh'],
      [{ op: 'gte', path: 'score', value: 10 }, 'aegh'],
      [{ op: 'lt', path: 'ratio', value: 0.1 }, 'bc'],
      [{ op: 'gte', path: 'ratio', value: 0 }, 'aceg'],
      [{ op: 'lt', path: 'active', value: true }, 'bf'],
      [{ op: 'gte', path: 'active', value: false }, 'abef'],
      [{ op: 'gt', path: 'note', value: '' }, ''],
      [{ op: 'gte', path: 'scores.clv.value', value: 0 }, 'ch'],
    ],
  },
  {
    title: 'instants compare to the millisecond, from year 1 to year 9999',
    filters: [
      [{ op: 'lt', path: 'at', value: '2026-03-01T10:00:00.001Z' }, 'ac'],
      [{ op: 'lte', path: 'at', value: '2026-03-01T10:00:00.001Z' }, 'abc'],
      [{ op: 'gt', path: 'at', value: '2026-03-01T10:00:00.000Z' }, 'bf'],
      [{ op: 'gte', path: 'at', value: '9999-12-31T23:59:59.999Z' }, 'f'],
      [{ op: 'gt', path: 'at', value: '0001-01-01T00:00:00.000Z' }, 'abf'],
    ],
  },
  {
    title: 'text compares by code point, capitals before small letters',
    filters: [
      [{ op: 'lt', path: 'name', value: 'a' }, 'acefghi'],
      [{ op: 'gte', path: 'name', value: 'a' }, 'b'],
      [{ op: 'gt', path: 'name', value: 'Ada' }, 'bghi'],
      [{ op: 'gte', path: 'name', value: '' }, 'abcefghi'],
      [{ op: 'lt', path: 'name', value: '' }, ''],
    ],
  },
  {
    title: 'a value of another type never equals, and never lies before or after',
    filters: [
      [{ op: 'eq', path: 'name', value: 10 }, ''],
      [{ op: 'eq', path: 'score', value: '10' }, ''],
      [{ op: 'eq', path: 'active', value: 'true' }, ''],
      [{ op: 'eq', path: 'active', value: 1 }, ''],
      [{ op: 'eq', path: 'score', value: true }, ''],
      [{ op: 'ne', path: 'score', value: '10' }, 'abcdefghi'],
      [{ op: 'ne', path: 'name', value: false }, 'abcdefghi'],
      [{ op: 'lt', path: 'score', value: 'z' }, ''],
      [{ op: 'gte', path: 'score', value: '' }, ''],
      [{ op: 'gt', path: 'name', value: -1 }, ''],
      [{ op: 'lte', path: 'at', value: 4_102_444_800_000 }, ''],
      [{ op: 'lt', path: 'active', value: 1 }, ''],
      [{ op: 'in', path: 'score', values: ['10', 10] }, 'ag'],
      [{ op: 'has', path: 'tags', value: 1 }, ''],
    ],
  },
  {
    title: 'in finds any of its values; in of nothing is false',
    filters: [
      [{ op: 'in', path: 'name', values: ['Ada', '', 'nobody'] }, 'ac'],
      [{ op: 'in', path: 'score', values: [0, 11, 11] }, 'ch'],
      [{ op: 'in', path: 'active', values: [false] }, 'bf'],
      [{ op: 'in', path: 'active', values: [true, false] }, 'abef'],
      [{ op: 'in', path: 'at', values: ['9999-12-31T23:59:59.999Z'] }, 'f'],
      [{ op: 'in', path: 'name', values: [] }, ''],
      [{ op: 'not', arg: { op: 'in', path: 'name', values: [] } }, 'abcdefghi'],
      [{ op: 'in', path: 'score', values: Array.from({ length: 1_000 }, (_, index) => index + 10) }, 'agh'],
    ],
  },
  {
    title: 'isNull finds missing values; empty text, zero, false and an empty array are not missing',
    filters: [
      [{ op: 'isNull', path: 'name' }, 'd'],
      [{ op: 'isNull', path: 'score' }, 'di'],
      [{ op: 'isNull', path: 'active' }, 'cdghi'],
      [{ op: 'isNull', path: 'tags' }, 'dfh'],
      [{ op: 'isNull', path: 'stage' }, ''],
      [{ op: 'isNull', path: 'deletedAt' }, 'abcdefghi'],
      [{ op: 'isNull', path: 'scores.clv.value' }, 'abdefgi'],
    ],
  },
  {
    title: 'prefix respects case and takes % _ and \\ as they are',
    filters: [
      [{ op: 'prefix', path: 'name', value: 'Ada' }, 'ag'],
      [{ op: 'prefix', path: 'name', value: 'A' }, 'ag'],
      [{ op: 'prefix', path: 'name', value: 'ada' }, 'b'],
      [{ op: 'prefix', path: 'name', value: '100%' }, 'e'],
      [{ op: 'prefix', path: 'name', value: '100_' }, ''],
      [{ op: 'prefix', path: 'name', value: '100%_\\' }, 'e'],
      [{ op: 'prefix', path: 'name', value: '%' }, ''],
      [{ op: 'prefix', path: 'name', value: '' }, 'abcefghi'],
      [{ op: 'prefix', path: 'name', value: 'Ada Lovelace 😀' }, 'g'],
    ],
  },
  {
    title: 'contains respects case and takes % _ and \\ as they are',
    filters: [
      [{ op: 'contains', path: 'name', value: 'sure' }, 'ef'],
      [{ op: 'contains', path: 'name', value: 'SURE' }, ''],
      [{ op: 'contains', path: 'name', value: '%' }, 'e'],
      [{ op: 'contains', path: 'name', value: '_' }, 'e'],
      [{ op: 'contains', path: 'name', value: '\\' }, 'e'],
      [{ op: 'contains', path: 'name', value: '%_' }, 'e'],
      [{ op: 'contains', path: 'name', value: '0%s' }, ''],
      [{ op: 'contains', path: 'name', value: "'" }, 'i'],
      [{ op: 'contains', path: 'name', value: '😀' }, 'g'],
      [{ op: 'contains', path: 'name', value: '' }, 'abcefghi'],
      [{ op: 'contains', path: 'name', value: '.*' }, ''],
    ],
  },
  {
    title: 'has finds members of an array, hasAny any of several; hasAny of nothing is false',
    filters: [
      [{ op: 'has', path: 'tags', value: 'vip' }, 'ae'],
      [{ op: 'has', path: 'tags', value: 'VIP' }, 'c'],
      [{ op: 'has', path: 'tags', value: '' }, 'e'],
      [{ op: 'has', path: 'tags', value: 'a' }, ''],
      [{ op: 'has', path: 'tags', value: 'a,b' }, 'e'],
      [{ op: 'has', path: 'tags', value: '"quoted"' }, 'g'],
      [{ op: 'has', path: 'tags', value: '{brace}' }, 'g'],
      [{ op: 'has', path: 'tags', value: 'NULL' }, 'i'],
      [{ op: 'has', path: 'tags', value: '😀' }, 'g'],
      [{ op: 'hasAny', path: 'tags', value: ['eu', 'VIP'] }, 'ac'],
      [{ op: 'hasAny', path: 'tags', value: ['eu', 'vip', 'eu'] }, 'ae'],
      [{ op: 'hasAny', path: 'tags', value: [] }, ''],
      [{ op: 'hasAny', path: 'tags', value: ['nobody'] }, ''],
    ],
  },
  {
    title: 'and of nothing is true, or of nothing is false',
    filters: [
      [{ op: 'and', args: [] }, 'abcdefghi'],
      [{ op: 'or', args: [] }, ''],
      [{ op: 'not', arg: { op: 'or', args: [] } }, 'abcdefghi'],
      [
        {
          op: 'and',
          args: [
            { op: 'and', args: [] },
            { op: 'eq', path: 'score', value: 10 },
          ],
        },
        'ag',
      ],
      [
        {
          op: 'or',
          args: [
            { op: 'or', args: [] },
            { op: 'eq', path: 'score', value: 10 },
          ],
        },
        'ag',
      ],
      [
        {
          op: 'and',
          args: [
            { op: 'or', args: [] },
            { op: 'eq', path: 'score', value: 10 },
          ],
        },
        '',
      ],
    ],
  },
  {
    title: 'and, or and not nest to any depth, and no group is lost',
    filters: [
      [
        {
          op: 'and',
          args: [
            {
              op: 'or',
              args: [
                { op: 'eq', path: 'name', value: 'Ada' },
                { op: 'eq', path: 'name', value: 'ada' },
              ],
            },
            { op: 'eq', path: 'active', value: true },
          ],
        },
        'a',
      ],
      [
        {
          op: 'or',
          args: [
            {
              op: 'and',
              args: [
                { op: 'eq', path: 'score', value: 10 },
                { op: 'eq', path: 'active', value: true },
              ],
            },
            {
              op: 'and',
              args: [
                { op: 'eq', path: 'stage', value: 'lost' },
                { op: 'gt', path: 'score', value: 10 },
              ],
            },
          ],
        },
        'ah',
      ],
      [
        {
          op: 'and',
          args: [
            {
              op: 'and',
              args: [
                { op: 'gte', path: 'score', value: 0 },
                {
                  op: 'or',
                  args: [
                    { op: 'isNull', path: 'active' },
                    { op: 'eq', path: 'active', value: true },
                  ],
                },
              ],
            },
            {
              op: 'not',
              arg: {
                op: 'or',
                args: [
                  { op: 'eq', path: 'score', value: 10 },
                  { op: 'isNull', path: 'name' },
                ],
              },
            },
          ],
        },
        'ceh',
      ],
      [{ op: 'not', arg: { op: 'not', arg: { op: 'eq', path: 'score', value: 10 } } }, 'ag'],
      [
        {
          op: 'not',
          arg: {
            op: 'and',
            args: [
              { op: 'gt', path: 'score', value: 0 },
              { op: 'ne', path: 'name', value: 'Ada' },
            ],
          },
        },
        'abcdfi',
      ],
    ],
  },
]
