import fc from 'fast-check'
import type { EntityDef } from './entity-def.js'
import type { Filter } from './filter.js'
import type { Row, Scalar } from './row.js'

/** An entity with a field of every type and an index of every kind. */
export const sample: EntityDef = {
  name: 'sample',
  fields: {
    stage: { type: 'text', required: true },
    name: { type: 'text' },
    size: { type: 'int' },
    'scores.value': { type: 'float' },
    open: { type: 'bool' },
    at: { type: 'instant', required: true },
    dueAt: { type: 'instant' },
    tags: { type: 'text[]' },
    terms: { type: 'text[]' },
    custom: { type: 'json' },
    uniqueKey: { type: 'text' },
    deletedAt: { type: 'instant' },
  },
  indexes: [
    { name: 'stage_at', on: ['stage', '-at'] },
    { name: 'name', on: ['name'], live: true },
    { name: 'size_due', on: ['-size', 'dueAt'] },
    { name: 'tags', on: ['tags'], kind: 'member' },
    { name: 'terms', on: ['terms'], kind: 'terms' },
    { name: 'unique_key', on: ['uniqueKey'], unique: true, live: true },
  ],
}

const texts = ['', 'a', 'ab', 'b', 'B', 'é', '\u{e000}', '\u{1f600}', 'a\u{1f600}']
const instants = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z', '2026-03-31T23:30:00.000Z']
const numbers = [-2, 0, 1, 2, 7]
const floats = [-1.5, 0, 0.25, 1, 2]

const text = fc.constantFrom(...texts)
const instant = fc.constantFrom(...instants)

/** Values of each scalar path, few enough that they meet. */
const scalars: Readonly<Record<string, fc.Arbitrary<Scalar>>> = {
  id: fc.constantFrom('r0', 'r1', 'r2', 'r17'),
  stage: text,
  name: text,
  size: fc.constantFrom(...numbers),
  'scores.value': fc.constantFrom(...floats),
  open: fc.boolean(),
  at: instant,
  dueAt: instant,
  deletedAt: instant,
}

const inJson = fc.oneof(text, fc.constantFrom(...numbers), fc.boolean())
const wordList = fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 })

/** A row without its id. */
export const rowBody: fc.Arbitrary<Omit<Row, 'id' | 'version'>> = fc
  .record(
    {
      stage: text,
      name: text,
      size: fc.constantFrom(...numbers),
      'scores.value': fc.constantFrom(...floats),
      open: fc.boolean(),
      at: instant,
      dueAt: instant,
      deletedAt: instant,
      tags: wordList,
      terms: wordList,
      custom: fc.record(
        { region: inJson, list: fc.array(inJson, { maxLength: 2 }), none: fc.constant(null) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['stage', 'at'] },
  )
  .map((body) => ({ ...body }))

/** Rows with distinct ids `r0`, `r1`, … */
export const rowList = (maxLength: number): fc.Arbitrary<Row[]> =>
  fc
    .array(rowBody, { maxLength })
    .map((bodies) => bodies.map((body, index) => ({ ...body, id: `r${index}`, version: 1 })))

const paths = Object.keys(scalars)
const condition: fc.Arbitrary<Filter> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...paths).chain((path) => {
      const value = scalars[path]!
      return fc.oneof(
        fc.record({ op: fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte'), path: fc.constant(path), value }),
        fc.record({ op: fc.constant('in'), path: fc.constant(path), values: fc.array(value, { maxLength: 3 }) }),
      )
    }),
  },
  fc.record({
    op: fc.constant('isNull'),
    path: fc.constantFrom(...paths, 'tags', 'custom', 'custom.region', 'custom.none'),
  }),
  fc.record({ op: fc.constantFrom('prefix', 'contains'), path: fc.constantFrom('stage', 'name'), value: text }),
  fc.record({ op: fc.constantFrom('eq', 'ne'), path: fc.constantFrom('custom.region', 'custom.none'), value: inJson }),
  fc.record({ op: fc.constant('has'), path: fc.constantFrom('tags', 'terms'), value: fc.constantFrom('x', 'y', 'q') }),
  fc.record({ op: fc.constant('has'), path: fc.constant('custom.list'), value: inJson }),
  fc.record({ op: fc.constant('hasAny'), path: fc.constantFrom('tags', 'terms'), value: wordList }),
) as fc.Arbitrary<Filter>

/** Filters of moderate depth over the sample entity. */
export const filter: fc.Arbitrary<Filter> = fc.letrec<{ node: Filter }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    condition,
    fc.record({
      op: fc.constantFrom('and', 'or'),
      args: fc.array(tie('node'), { maxLength: 4 }),
    }) as fc.Arbitrary<Filter>,
    fc.record({ op: fc.constant('not'), arg: tie('node') }) as fc.Arbitrary<Filter>,
  ),
})).node

/** Orders that end with the id, as an adapter gets them. */
export const order = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom('stage', 'name', 'size', 'scores.value', 'open', 'at', 'dueAt'), fc.boolean()),
    {
      selector: ([path]) => path,
      maxLength: 3,
    },
  )
  .chain((terms) => fc.boolean().map((flip) => [...terms, ['id', flip] as const]))
  .map((terms) => terms.map(([path, descending]) => (descending ? (`-${path}` as const) : path)))
