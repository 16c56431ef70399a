import { expect, it } from 'vitest'
import { cleanText } from './message-text.js'

it.each([
  ['one\r\ntwo\rthree\nfour', 'one\ntwo\nthree\nfour'],
  ['\u202aa\u202bb\u202cc\u202dd\u202ee', 'abcde'],
  ['<script>alert(1)</script> & "quotes"', '<script>alert(1)</script> & "quotes"'],
  ['שלום \u200f👩\u200d👩\u200d👧 你好', 'שלום \u200f👩\u200d👩\u200d👧 你好'],
  ['', ''],
])('%j is kept as %j', (written, kept) => {
  expect(cleanText(written)).toBe(kept)
})

it('leaves what is no text for the schema to refuse', () => {
  expect([cleanText(5), cleanText(undefined), cleanText(null)]).toEqual([5, undefined, null])
})
