import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BodyPart, multipartParts } from './multipart-parts.js'

const encoder = new TextEncoder()

/** The body that the platform itself makes of a form, and its boundary. */
async function bodyOf(fields: readonly (readonly [string, Blob])[]): Promise<{ bytes: Uint8Array; boundary: string }> {
  const form = new FormData()
  for (const [name, value] of fields) form.append(name, value)
  const response = new Response(form)
  const boundary = /boundary=(.+)$/.exec(response.headers.get('content-type') ?? '')?.[1] ?? ''
  return { bytes: new Uint8Array(await response.arrayBuffer()), boundary }
}

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] as number
    yield bytes.subarray(at, at + size)
    at += size
  }
}

async function read({ bytes }: BodyPart): Promise<number[]> {
  const all: number[] = []
  for await (const piece of bytes) all.push(...piece)
  return all
}

describe('parts of a multipart body', () => {
  test('come out as they went in, however the stream is cut', async () => {
    // Bytes among which line ends and dashes are common, so that much of it looks like the beginning of a delimiter.
    const content = fc.array(fc.constantFrom(0x0d, 0x0a, 0x2d, 0x2d, 0x61, 0xff), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
        async (contents, sizes) => {
          const fields = contents.map((bytes, index) => [`f${index}`, new Blob([new Uint8Array(bytes)])] as const)
          const { bytes, boundary } = await bodyOf(fields)
          const found: [string, number[]][] = []
          for await (const part of multipartParts(inPieces(bytes, sizes), boundary))
            found.push([part.name, await read(part)])
          expect(found).toEqual(contents.map((own, index) => [`f${index}`, own]))
        },
      ),
      { numRuns: 200 },
    )
  })

  test('a part that nobody reads to its end is skipped', async () => {
    const { bytes, boundary } = await bodyOf([
      ['first', new Blob(['x'.repeat(5_000)])],
      ['second', new Blob(['y'])],
    ])
    const names: string[] = []
    for await (const part of multipartParts(inPieces(bytes, [100]), boundary)) {
      names.push(part.name)
      for await (const _ of part.bytes) break
    }
    expect(names).toEqual(['first', 'second'])
  })

  test('are read no faster than they are asked for: one piece is held, whatever the length of the file', async () => {
    let pulled = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield encoder.encode('--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n')
      for (;;) {
        pulled++
        yield new Uint8Array(65_536)
      }
    }
    const parts = multipartParts(endless(), 'b')
    const { value } = await parts.next()
    let taken = 0
    for await (const piece of (value as BodyPart).bytes) {
      taken += piece.length
      expect(pulled * 65_536 - taken).toBeLessThan(65_536)
      if (taken > 100 * 65_536) break
    }
    await parts.return()
    expect(pulled).toBeLessThanOrEqual(102)
  })

  test.each([
    ['nothing', ''],
    ['no delimiter', 'a=b&c=d'],
    ['no end', '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc'],
    ['an end in the headers', '--b\r\nContent-Disposition: form-da'],
    ['headers without an end', `--b\r\nX: ${'y'.repeat(9_000)}\r\n\r\nabc\r\n--b--`],
    ['no name', '--b\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--b--'],
    ['no disposition', '--b\r\nContent-Type: text/csv\r\n\r\nabc\r\n--b--'],
  ])('a body with %s is malformed', async (_, text) => {
    const all = async (): Promise<void> => {
      for await (const part of multipartParts(inPieces(encoder.encode(text), [7]), 'b')) await read(part)
    }
    await expect(all()).rejects.toMatchObject({ code: 'malformed_request', details: { field: 'body' } })
  })
})
