import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { copyText } from './copy-text.js'
import { customerTable } from './customer.fixture.js'
import { requireColumn } from './sql-write-group.js'

const columns = ['name', 'tags', 'custom', 'orders'].map((path) => requireColumn(customerTable, path))

/** What the chunks hold, each by itself. Throws where one ends within a character. */
function textOf(rows: Parameters<typeof copyText>[2]): { text: string; chunks: number[] } {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const chunks = [...copyText('t\\1', columns, rows)]
  return { text: chunks.map((each) => decoder.decode(each)).join(''), chunks: chunks.map((each) => each.length) }
}

/** A field as the server reads it back: the escapes of the documentation, undone. */
function unescaped(field: string): string | null {
  if (field === '\\N') return null
  const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' }
  return field.replace(/\\(.)/g, (_, letter: string) => letters[letter] ?? letter)
}

/** The members of an array of texts, as its documentation has them quoted. */
function membersOf(array: string): string[] {
  return [...array.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, member]) => (member as string).replace(/\\(.)/gs, '$1'))
}

describe.each(['with the buffers of Node', 'without them'])('rows as text for copy, %s', (how) => {
  afterEach(() => vi.unstubAllGlobals())

  test('hold every value, whatever is in it', () => {
    const special = fc.constantFrom('\n', '\r', '\t', '\b', '\\', '\\N', '"', '{', '}', ',')
    const text = fc
      .array(fc.oneof(special, fc.string({ unit: 'grapheme', maxLength: 8 })), { maxLength: 8 })
      .map((parts) => parts.join(''))
    const row = fc.record(
      {
        name: text,
        tags: fc.array(text, { maxLength: 3 }),
        custom: fc.record({ note: text }),
        orders: fc.maxSafeInteger(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (values) => {
        const rows = values.map((value, index) => ({ id: `r${index}`, ...value }))
        if (how === 'without them') vi.stubGlobal('Buffer', undefined)
        const { text: written } = textOf(rows)
        vi.unstubAllGlobals()
        const lines = written.split('\n').slice(0, -1)
        expect(lines).toHaveLength(rows.length)
        for (const [index, line] of lines.entries()) {
          const [tenant, version, name, tags, custom, orders] = line.split('\t').map(unescaped)
          const given = values[index] ?? {}
          expect([tenant, version]).toEqual(['t\\1', '1'])
          expect(name).toBe(given.name ?? null)
          expect(tags ? membersOf(tags) : undefined).toEqual(given.tags)
          expect(custom ? JSON.parse(custom) : undefined).toEqual(given.custom)
          expect(orders).toBe(given.orders === undefined ? null : String(given.orders))
        }
      }),
    )
  })

  test('come in chunks that end with a row, and one chunk for a row that is longer', () => {
    if (how === 'without them') vi.stubGlobal('Buffer', undefined)
    const long = '王'.repeat(300_000)
    const rows = Array.from({ length: 3_000 }, (_, n) => ({ id: `r${n}`, name: n === 1_000 ? long : '伟'.repeat(200) }))
    const { text, chunks } = textOf(rows)
    vi.unstubAllGlobals()
    expect(chunks.length).toBeGreaterThan(5)
    expect(Math.max(...chunks)).toBeGreaterThan(900_000)
    expect(text.split('\n').map((line) => line.split('\t')[2])).toEqual([...rows.map(({ name }) => name), undefined])
  })
})
