import { describe, expect, test } from 'vitest'
import { decodeText, detectEncoding, encodingNamed } from './text-encoding.js'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

async function decoded(pieces: readonly Uint8Array[], encoding: Parameters<typeof decodeText>[1]): Promise<string> {
  let text = ''
  const source = (async function* () {
    yield* pieces
  })()
  for await (const piece of decodeText(source, encoding)) text += piece
  return text
}

// Bytes as the codecs of Python 3 write them.
const samples = [
  ['utf-8', '姓名,城市\n张三,上海\n', 'e5a793e5908d2ce59f8ee5b8820ae5bca0e4b8892ce4b88ae6b5b70a'],
  [
    'gb18030',
    '姓名,电子邮件\n张三,上海市浦东新区\n',
    'd0d5c3fb2cb5e7d7d3d3cabcfe0ad5c5c8fd2cc9cfbaa3cad0c6d6b6abd0c2c7f80a',
  ],
  ['big5', '姓名,電子郵件\n張三,臺北市信義區\n', 'a96da6572cb971a46cb66ca5f30ab169a4542cbb4fa55fa5abab48b871b0cf0a'],
  [
    'shift_jis',
    '氏名,メール\n山田太郎,東京都千代田区\n',
    '8e8196bc2c8381815b838b0a8e52936391be98592c938c8b9e937390e791e393638be60a',
  ],
  [
    'windows-1252',
    'Name;Straße\nMüller;Königsallee 3\n',
    '4e616d653b53747261df650a4dfc6c6c65723b4bf66e696773616c6c656520330a',
  ],
  ['utf-16le', 'Name,City\nZoë,Köln\n', '4e0061006d0065002c0043006900740079000a005a006f00eb002c004b00f6006c006e000a00'],
  ['utf-16be', 'Name,City\nZoë,Köln\n', '004e0061006d0065002c0043006900740079000a005a006f00eb002c004b00f6006c006e000a'],
] as const

describe('detectEncoding', () => {
  test.each(samples)('tells %s from bytes without a mark', (encoding, _text, written) => {
    expect(detectEncoding(hex(written)).encoding).toBe(encoding)
  })

  test('a byte order mark tells, and only what is certain is called so', () => {
    expect(detectEncoding(bytes(0xef, 0xbb, 0xbf, 0x61))).toEqual({ encoding: 'utf-8', certain: true })
    expect(detectEncoding(bytes(0xff, 0xfe, 0x61, 0))).toEqual({ encoding: 'utf-16le', certain: true })
    expect(detectEncoding(bytes(0xfe, 0xff, 0, 0x61))).toEqual({ encoding: 'utf-16be', certain: true })
    expect(detectEncoding(hex(samples[1][2])).certain).toBe(false)
    expect(detectEncoding(bytes())).toEqual({ encoding: 'utf-8', certain: true })
  })

  test('a character cut by the end of the sample does not make UTF-8 another encoding', () => {
    expect(detectEncoding(hex(samples[0][2]).subarray(0, 4)).encoding).toBe('utf-8')
  })
})

describe('decodeText', () => {
  test.each(samples)('reads %s cut at every byte', async (encoding, text, written) => {
    const all = hex(written)
    expect(
      await decoded(
        [...all].map((byte) => bytes(byte)),
        encoding,
      ),
    ).toBe(text)
  })

  test('leaves the byte order mark out, and marks bytes without meaning', async () => {
    expect(await decoded([bytes(0xef, 0xbb), bytes(0xbf, 0x61)], 'utf-8')).toBe('a')
    expect(await decoded([bytes(0x61, 0xff, 0x62)], 'utf-8')).toBe('a\ufffdb')
  })
})

test('encodings have the names people use; an unknown one is refused', () => {
  expect(['GBK', 'Latin-1', 'UTF8', 'Shift-JIS'].map(encodingNamed)).toEqual([
    'gb18030',
    'windows-1252',
    'utf-8',
    'shift_jis',
  ])
  expect(() => encodingNamed('ebcdic')).toThrow(/must be one of utf-8/)
})
