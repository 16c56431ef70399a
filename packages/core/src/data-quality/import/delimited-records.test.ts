import fc from 'fast-check'
import { parseCsv } from 'hucre/csv'
import { describe, expect, test } from 'vitest'
import { detectDelimitedFormat } from './delimited-format.js'
import { delimitedRecords, longestRecord } from './delimited-records.js'

const commas = { delimiter: ',', quote: '"' }

async function recordsOf(pieces: Iterable<string>, format = commas): Promise<string[][]> {
  const source = (async function* () {
    yield* pieces
  })()
  return listed(delimitedRecords(source, format))
}

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

describe('delimitedRecords', () => {
  test('quotes hold delimiters, line ends and doubled quotes; every line end counts', async () => {
    expect(await recordsOf(['a,"b,1",c\r\n"x\ny","say ""hi""",\r"",5" pipe,z\n\nlast'])).toEqual([
      ['a', 'b,1', 'c'],
      ['x\ny', 'say "hi"', ''],
      ['', '5" pipe', 'z'],
      [],
      ['last'],
    ])
  })

  test('agrees with another parser on any table, wherever the text is cut', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', ',', '"', '\n', '\r', ';', "'", ' ', '中', '😀'),
      maxLength: 6,
    })
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), fc.nat(7), async (rows, lineEnd, size) => {
        const text = rows.map((row) => row.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join(lineEnd)
        const pieces = text.match(new RegExp(`[^]{1,${size + 1}}`, 'g')) ?? []
        const read = await recordsOf(pieces)
        expect(read).toEqual(rows)
        expect(read).toEqual(parseCsv(text, { delimiter: ',', skipEmptyRows: false }).map((row) => row.map(String)))
      }),
      { numRuns: 200 },
    )
  })

  test('a line of 2 GB is refused after a little more than a megabyte of it', async () => {
    let given = 0
    const endless = (async function* () {
      yield 'Name,City\n'
      while (given < 2 * 1024 ** 3) {
        given += 65_536
        yield 'x'.repeat(65_536)
      }
    })()
    const failure = await listed(delimitedRecords(endless, commas)).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('row 2 is longer than 1,048,576 characters'),
      details: { field: 'file.2', reason: 'unreadable_file' },
    })
    expect(given).toBeLessThanOrEqual(longestRecord + 2 * 65_536)
  })

  test('a quote that never closes and a record of too many cells are named with their row', async () => {
    await expect(recordsOf(['a,b\n1,"2\n3,4'])).rejects.toMatchObject({ details: { field: 'file.2' } })
    await expect(recordsOf([`a,b\n1,2\n${','.repeat(5_000)}`])).rejects.toMatchObject({ details: { field: 'file.3' } })
  })
})

describe('detectDelimitedFormat', () => {
  test.each([
    ['Name,City\nAda,London\n', ',', '"'],
    ['Name;Price\nTea;1,20\nCake;2,50\n', ';', '"'],
    ['Name\tCity\nAda, Countess\tLondon\n', '\t', '"'],
    ['Name|City|Land\nAda|London|UK\n', '|', '"'],
    ["'Name';'City, Land'\n'Ada';'London; UK'\n", ';', "'"],
    ['sep=|\na,b|c\n', '|', '"'],
    ['Name\nAda\n', ',', '"'],
  ])('of %j', (sample, delimiter, quote) => {
    expect(detectDelimitedFormat(sample, true)).toEqual({ delimiter, quote })
  })
})
