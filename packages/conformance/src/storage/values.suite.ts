import { definitionsOf, guardSession, type StorageSession } from '@rapport/core/storage'
import { assert, assertEqual, assertFails, show } from '../assertion.js'
import type { DefineSuite } from './conformance-case.js'
import { assertRow, matchingIds, queryOf, readRow, walkPages } from './reading.js'
import { idAt, specimen, specimenDefs, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

/** Stores each value in a field of its own row and expects it back unchanged, through getMany, find and a patch. */
async function expectRoundTrip(session: StorageSession, field: string, values: readonly unknown[]): Promise<void> {
  const rows = values.map((value, index) => specimenRow(idAt(index + 1), { [field]: value }))
  await insertRows(session, specimen, rows)
  const stored = await session.getMany(
    specimen.name,
    rows.map((row) => row.id),
  )
  assertEqual(
    stored.map((row) => row?.[field]),
    values,
    `${field} through insert and getMany`,
  )
  const found = await walkPages(session, specimen, queryOf(specimen))
  assertEqual(
    found.map((row) => row[field]),
    values,
    `${field} through insert and find`,
  )

  const patched = idAt(0)
  await insertRows(session, specimen, [specimenRow(patched)])
  for (const value of values) {
    await session.write([{ do: 'patch', entity: specimen.name, id: patched, set: { [field]: value } }])
    assertEqual((await readRow(session, specimen, patched))[field], value, `${field} through a patch`)
  }
}

/** 512 different code points of four bytes each in UTF-8: the longest indexed text, hard to compress. */
const longestIndexedText = Array.from({ length: 512 }, (_, index) => String.fromCodePoint(0x20000 + index * 37)).join(
  '',
)

/** What is stored comes back exactly. */
export const valuesSuite: DefineSuite = (define) => {
  define('whole numbers keep every digit up to 2^53 - 1', async ({ session }) => {
    const greatest = Number.MAX_SAFE_INTEGER
    await expectRoundTrip(session, 'score', [
      greatest,
      -greatest,
      greatest - 1,
      2_147_483_648,
      -2_147_483_649,
      1,
      0,
      -1,
    ])
  })

  define('fractions keep every bit; -0 is 0', async ({ session }) => {
    const values = [0.1, 0.1 + 0.2, 1 / 3, -1e-7, 1e21, 1.7976931348623157e308, 2.2250738585072014e-308, 5e-324, 3, 0]
    await expectRoundTrip(session, 'ratio', values)
    await insertRows(session, specimen, [specimenRow(idAt(99), { ratio: -0, score: -0 })])
    const row = await readRow(session, specimen, idAt(99))
    assertEqual([row.ratio, row.score], [0, 0], 'ratio and score stored as -0')
  })

  define(
    'text keeps every character: quotes, signs, line ends, scripts, emoji, combining marks',
    async ({ session }) => {
      await expectRoundTrip(session, 'name', [
        '',
        ' ',
        ' padded ',
        '\n\r\t\u0001\u007f\u2028\u2029',
        '\\n \\u0041 \\',
        `'; DROP TABLE specimen; -- "$1" $$ :name ?`,
        '<b>&amp;</b> {"json":[null]}',
        'é e\u0301 Å \u212B',
        '中文 العربية \u202Eabc\u202C हिन्दी',
        '👩‍👩‍👧‍👦 😀 \u{10FFFF}',
        '\uFFFE\uFFFF\uFEFF',
        'NULL',
        'null',
        'undefined',
        'true',
        '007',
      ])
    },
  )

  define('indexed text holds 512 code points', async ({ session }) => {
    await expectRoundTrip(session, 'name', [longestIndexedText, 'x'.repeat(512)])
    const found = await matchingIds(session, specimen, { op: 'eq', path: 'name', value: longestIndexedText })
    assertEqual(found, [idAt(1)], 'the row found by its longest text')
  })

  define('text without an index holds 100,000 characters', async ({ session }) => {
    await expectRoundTrip(session, 'note', ['ä€😀 '.repeat(20_000)])
  })

  define('booleans come back as booleans', async ({ session }) => {
    await expectRoundTrip(session, 'active', [true, false])
  })

  define('instants keep their milliseconds, from year 1 to year 9999', async ({ session }) => {
    await expectRoundTrip(session, 'at', [
      '0001-01-01T00:00:00.000Z',
      '0099-06-15T12:00:00.001Z',
      '1582-10-10T00:00:00.000Z',
      '1969-12-31T23:59:59.999Z',
      '1970-01-01T00:00:00.000Z',
      '2024-02-29T23:59:59.999Z',
      '2026-03-29T01:30:00.120Z',
      '2026-10-25T00:30:00.100Z',
      '9999-12-31T23:59:59.999Z',
    ])
  })

  define(
    'arrays of text keep their members, order and repetitions; an empty array is not missing',
    async ({ session }) => {
      await expectRoundTrip(session, 'tags', [
        [],
        [''],
        ['b', 'a', 'b'],
        ['a,b', '{c}', '"d"', "e'f", '\\g', ' ', 'NULL', 'null', '😀', '\n'],
        Array.from({ length: 500 }, (_, index) => `tag ${index}`),
      ])
    },
  )

  define('json keeps its shape, types and keys in any script', async ({ session }) => {
    await expectRoundTrip(session, 'custom', [
      {},
      [],
      'text',
      '',
      0,
      -12.5,
      true,
      false,
      [1, '1', true, null, [], {}, [[1]]],
      { null: null, nested: { deeper: [{ a: 1 }, { b: [null] }] } },
      { ключ: '值', '😀': '\uFF5E', '': 'empty key', 'a.b': 'dotted', 'it\'s "so"': '\\', __proto: 1, 'a b': ' ' },
      { big: Number.MAX_SAFE_INTEGER, small: 1e-7, third: 1 / 3, negative: -12.5 },
      { at: '2026-03-01T10:00:00.000Z', date: '2026-03-01' },
    ])
  })

  define('an absent value is an absent key, never null or undefined', async ({ session }) => {
    const bare = { version: 1, stage: 'open' }
    await insertRows(session, specimen, [specimenRow(idAt(1))])
    await assertRow(session, specimen, idAt(1), bare, 'a row with its required field alone')
    const page = await session.find(queryOf(specimen))
    assertEqual(page.rows, [{ id: idAt(1), ...bare }], 'the same row through find')
    const set = { name: null, custom: null, tags: null, 'scores.clv.value': null }
    await session.write([{ do: 'patch', entity: specimen.name, id: idAt(1), set }])
    await assertRow(
      session,
      specimen,
      idAt(1),
      { ...bare, version: 2 },
      'the row after a patch that empties empty fields',
    )
  })

  define('dotted fields and json paths stand side by side', async ({ session }) => {
    const fields = { stage: 'open', 'scores.clv.value': 1.5, 'scores.clv.orders': 2, custom: { scores: { clv: 9 } } }
    await insertRows(session, specimen, [{ id: idAt(1), ...fields }])
    await assertRow(session, specimen, idAt(1), { version: 1, ...fields }, 'a row with dotted fields')
  })

  define('an id is any text', async ({ session }) => {
    const ids = ['1', 'c-1042', 'A/b:c|d', "it's; --", 'ключ 😀', ' ', 'x'.repeat(200)]
    await insertRows(
      session,
      specimen,
      ids.map((id, index) => specimenRow(id, { score: index })),
    )
    const rows = await session.getMany(specimen.name, [...ids, 'nobody', 'C-1042'])
    assertEqual(
      rows.map((row) => row?.score),
      [0, 1, 2, 3, 4, 5, 6, undefined, undefined],
      'scores of rows by id',
    )
    await session.write([{ do: 'patch', entity: specimen.name, id: "it's; --", set: { score: 40 } }])
    assertEqual((await readRow(session, specimen, "it's; --")).score, 40, 'score after a patch by such an id')
  })

  define('rows are copies: changing what was given or read changes nothing that is stored', async ({ session }) => {
    const custom = { list: [1] }
    const tags = ['a']
    await insertRows(session, specimen, [specimenRow(idAt(1), { custom, tags, name: 'kept' })])
    custom.list.push(2)
    tags.push('b')
    const read = await readRow(session, specimen, idAt(1))
    read.name = 'changed'
    ;(read.tags as string[]).push('c')
    ;(read.custom as typeof custom).list.push(3)
    const [found] = (await session.find(queryOf(specimen))).rows
    assert(found !== undefined, 'find lost the row')
    found.name = 'changed'
    ;(found.tags as string[]).push('d')
    const set = { custom: { list: [4] }, tags: ['e'] }
    const fields = { version: 1, stage: 'open', name: 'kept', tags: ['a'], custom: { list: [1] } }
    await assertRow(session, specimen, idAt(1), fields, 'the stored row')
    await session.write([{ do: 'patch', entity: specimen.name, id: idAt(1), set }])
    set.custom.list.push(5)
    set.tags.push('f')
    await assertRow(
      session,
      specimen,
      idAt(1),
      { ...fields, version: 2, tags: ['e'], custom: { list: [4] } },
      'the row after a patch whose values were changed later',
    )
  })

  define('what backends would keep differently is refused in front of them', async ({ session, capabilities }) => {
    const guarded = guardSession(session, { definitions: definitionsOf(specimenDefs), capabilities })
    const refused = {
      score: [2 ** 53, 0.5],
      ratio: [Number.NaN],
      name: ['\u0000', '\ud800', 'x'.repeat(513)],
    }
    for (const [field, values] of Object.entries(refused)) {
      for (const value of values) {
        const row = specimenRow(idAt(1), { [field]: value })
        const write = (): unknown => guarded.write([{ do: 'insert', entity: specimen.name, row }])
        await assertFails(write, 'validation_failed', {}, `${field} with ${show(value)}`)
      }
    }
    const where = { op: 'eq', path: 'name', value: null as unknown as string } as const
    await assertFails(() => guarded.find(queryOf(specimen, { where })), 'validation_failed', {}, 'eq with null')
    assertEqual(await matchingIds(session, specimen), [], 'rows after it')
  })
}
