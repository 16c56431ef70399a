import { invalidField } from '../../kernel/crm-error.js'

/** Encodings a file may have. Latin-1 is read as Windows-1252, of which it is the printable part; GBK as GB18030. */
export const textEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'gb18030', 'big5', 'shift_jis'] as const

/** Name of an encoding. */
export type TextEncoding = (typeof textEncodings)[number]

/** The encoding a file seems to have. */
export interface DetectedEncoding {
  readonly encoding: TextEncoding
  /** Known from a byte order mark or from bytes that only this encoding explains; otherwise the likeliest one. */
  readonly certain: boolean
}

/** What a byte sequence without meaning becomes; a row that holds it is refused by itself. */
export const replacementCharacter = '\ufffd'

/**
 * Tells the encoding of a file from its first bytes, by these rules in this order:
 *
 * 1. a byte order mark names UTF-8 or UTF-16;
 * 2. zero bytes at every other place are UTF-16;
 * 3. what is valid UTF-8 is UTF-8, and so is what has more lines that only UTF-8 explains than lines that are none: the others are
 *    refused row by row;
 * 4. otherwise the one of GB18030, Big5 and Shift-JIS whose everyday characters cover most of the sample's high bytes, and
 *    Windows-1252 when none covers 60 % of them.
 *
 * A mixture and the last one are guesses (`certain: false`): those encodings share most byte sequences.
 */
export function detectEncoding(sample: Uint8Array): DetectedEncoding {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return { encoding: 'utf-8', certain: true }
  if (sample[0] === 0xff && sample[1] === 0xfe) return { encoding: 'utf-16le', certain: true }
  if (sample[0] === 0xfe && sample[1] === 0xff) return { encoding: 'utf-16be', certain: true }
  const wide = wideEncoding(sample)
  if (wide) return { encoding: wide, certain: true }
  if (isUtf8(sample)) return { encoding: 'utf-8', certain: true }
  if (isMostlyUtf8(sample)) return { encoding: 'utf-8', certain: false }
  const [best] = (Object.keys(everyday) as (keyof typeof everyday)[])
    .map((encoding) => ({ encoding, share: everydayShare(sample, encoding) }))
    .sort((a, b) => b.share - a.share)
  return { encoding: best && best.share >= 0.6 ? best.encoding : 'windows-1252', certain: false }
}

/** The encoding a caller named, or its everyday alias. Throws `validation_failed` for one that is not read. */
export function encodingNamed(name: string): TextEncoding {
  const lower = name.toLowerCase()
  const known = aliases[lower] ?? lower
  if ((textEncodings as readonly string[]).includes(known)) return known as TextEncoding
  throw invalidField('encoding', `must be one of ${textEncodings.join(', ')}`)
}

/** Text of pieces of bytes, without the byte order mark. Bytes without meaning become {@link replacementCharacter}. */
export async function* decodeText(
  pieces: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding)
  for await (const piece of pieces) {
    const text = decoder.decode(piece, { stream: true })
    if (text !== '') yield text
  }
  const rest = decoder.decode()
  if (rest !== '') yield rest
}

const aliases: Readonly<Record<string, TextEncoding>> = {
  utf8: 'utf-8',
  'latin-1': 'windows-1252',
  latin1: 'windows-1252',
  'iso-8859-1': 'windows-1252',
  cp1252: 'windows-1252',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  cp936: 'gb18030',
  sjis: 'shift_jis',
  'shift-jis': 'shift_jis',
}

function wideEncoding(sample: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const pairs = Math.min(sample.length, 4_096) >> 1
  const zeros = [0, 0]
  for (let index = 0; index < pairs * 2; index++) if (sample[index] === 0) zeros[index & 1]! += 1
  const [first = 0, second = 0] = zeros
  if (pairs > 0 && second > pairs * 0.3 && first < pairs * 0.05) return 'utf-16le'
  return pairs > 0 && first > pairs * 0.3 && second < pairs * 0.05 ? 'utf-16be' : undefined
}

/** A character that the end of the sample cuts is no fault. */
function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true })
    return true
  } catch {
    return false
  }
}

/** Whether more lines with other than ASCII characters are UTF-8 than are not; few texts of another encoding happen to be. */
function isMostlyUtf8(sample: Uint8Array): boolean {
  let balance = 0
  for (let start = 0; start < sample.length; ) {
    const end = sample.indexOf(0x0a, start)
    const line = sample.subarray(start, end < 0 ? sample.length : end)
    if (line.some((byte) => byte >= 0x80)) balance += isUtf8(line) ? 1 : -1
    start += line.length + 1
  }
  return balance > 0
}

type LeadRange = readonly [from: number, to: number]

/** First bytes of the characters people write most: punctuation, kana, and the first level of the characters' tables. */
const everyday: Readonly<Record<'gb18030' | 'big5' | 'shift_jis', readonly LeadRange[]>> = {
  gb18030: [
    [0xa1, 0xa3],
    [0xb0, 0xd7],
  ],
  big5: [
    [0xa1, 0xa3],
    [0xa4, 0xc6],
  ],
  shift_jis: [
    [0x81, 0x83],
    [0x88, 0x97],
  ],
}

/** Share of the two-byte characters of the sample, read as this encoding, that are everyday ones. */
function everydayShare(sample: Uint8Array, encoding: keyof typeof everyday): number {
  const ranges = everyday[encoding]
  const kana = encoding === 'shift_jis'
  let characters = 0
  let common = 0
  for (let index = 0; index < sample.length - 1; index++) {
    const lead = sample[index]!
    if (lead < 0x80) continue
    // A half-width kana is a single byte, rare in files of today.
    if (kana && lead >= 0xa1 && lead <= 0xdf) {
      characters++
      continue
    }
    characters++
    const trail = sample[index + 1]!
    if (ranges.some(([from, to]) => lead >= from && lead <= to) && isTrail(encoding, trail)) common++
    index++
  }
  return characters === 0 ? 0 : common / characters
}

function isTrail(encoding: keyof typeof everyday, trail: number): boolean {
  if (encoding === 'gb18030') return trail >= 0xa1 && trail <= 0xfe
  if (encoding === 'big5') return (trail >= 0x40 && trail <= 0x7e) || (trail >= 0xa1 && trail <= 0xfe)
  return (trail >= 0x40 && trail <= 0x7e) || (trail >= 0x80 && trail <= 0xfc)
}
