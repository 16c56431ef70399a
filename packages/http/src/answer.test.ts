import { describe, expect, test } from 'vitest'
import { linesAnswer, responseOf } from './answer.js'

/** Lines of which it is noted how many were made, and whether they were given up. */
function watched(lines: readonly (string | Error)[]) {
  const seen = { made: 0, ended: false }
  async function* make(): AsyncGenerator<string> {
    try {
      for (const line of lines) {
        if (line instanceof Error) throw line
        seen.made++
        yield line
      }
    } finally {
      seen.ended = true
    }
  }
  return { seen, lines: make() }
}

const headers = { vary: 'Origin' }

describe('an answer line by line', () => {
  test('is sent as it is made, to be kept in a file and by no cache', async () => {
    const { lines } = watched(['{"a":1}\n', '{"b":"é"}\n'])
    const response = responseOf(await linesAnswer(lines, 'data.jsonl'), headers, false)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-disposition': 'attachment; filename="data.jsonl"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      vary: 'Origin',
    })
    expect(await response.text()).toBe('{"a":1}\n{"b":"é"}\n')
  })

  test('that cannot begin fails before anything is sent', async () => {
    await expect(linesAnswer(watched([new Error('no')]).lines, 'a')).rejects.toThrow('no')
  })

  test('that fails later breaks off, so that half of it is not taken for the whole', async () => {
    const { lines } = watched(['1\n', new Error('lost')])
    const response = responseOf(await linesAnswer(lines, 'a'), headers, false)
    await expect(response.text()).rejects.toThrow('lost')
  })

  test('makes no more lines than are read, and stops when the reader goes away', async () => {
    const { lines, seen } = watched(Array.from({ length: 1_000 }, (_, line) => `${line}\n`))
    const reader = responseOf(await linesAnswer(lines, 'a'), headers, false).body?.getReader()
    await reader?.read()
    await reader?.read()
    expect(seen.made).toBeLessThanOrEqual(3)
    await reader?.cancel()
    expect(seen.ended).toBe(true)
  })

  test('answers HEAD without making the rest', async () => {
    const { lines, seen } = watched(['1\n', '2\n'])
    const response = responseOf(await linesAnswer(lines, 'a'), headers, true)
    expect(await response.text()).toBe('')
    expect(seen).toEqual({ made: 1, ended: true })
  })
})
