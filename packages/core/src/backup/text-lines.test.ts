import { describe, expect, test } from 'vitest'
import { collected } from './backup.fixture.js'
import { textLines } from './text-lines.js'

const linesOf = (pieces: Iterable<string | Uint8Array>): Promise<string[]> => collected(textLines(pieces))

describe('the lines of a text in pieces', () => {
  const text = 'one\n\nzwölf 😀\n中\n'
  const lines = ['one', '', 'zwölf 😀', '中']

  test('are the same wherever it is cut, as text and as bytes', async () => {
    const bytes = new TextEncoder().encode(text)
    for (let size = 1; size <= bytes.length; size++) {
      const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      )
      expect(await linesOf(cut)).toEqual(lines)
      expect(await linesOf([text.slice(0, size), text.slice(size)])).toEqual(lines)
    }
    expect(await linesOf([])).toEqual([])
  })

  test('need a line end behind the last', async () => {
    await expect(linesOf(['one\ntw', 'o'])).rejects.toMatchObject({
      code: 'validation_failed',
      details: { reason: 'backup_cut' },
    })
  })

  test('are refused when the bytes are no UTF-8', async () => {
    await expect(linesOf([new Uint8Array([0x1f, 0x8b, 0x08])])).rejects.toMatchObject({
      code: 'validation_failed',
      details: { reason: 'backup_format' },
    })
  })
})
