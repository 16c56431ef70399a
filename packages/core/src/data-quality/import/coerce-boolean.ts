import type { Coerced } from './coerce-number.js'

const yes = new Set(['true', 'yes', 'y', 't', '1', 'on', 'x', '是', '对', '對', '真', '有', '√', '✓', '✔'])
const no = new Set(['false', 'no', 'n', 'f', '0', 'off', '否', '不', '错', '錯', '假', '无', '無', '×', '✗', '✘', '-'])

/** Yes or no, in English and Chinese words, digits and marks. */
export function coerceBoolean(text: string): Coerced<boolean> {
  const word = text.normalize('NFKC').trim().toLowerCase()
  if (yes.has(word)) return { value: true }
  return no.has(word) ? { value: false } : { fault: 'must be yes or no, 是 or 否' }
}
