import { distance } from 'fastest-levenshtein'
import { foldText } from '../storage/fold-text.js'
import type { FieldKind, ReadValue } from './field-kind.js'
import { jaroWinkler } from './jaro-winkler.js'

interface TextValue extends ReadValue {
  readonly words: readonly string[]
}

/** Cities, streets, postal codes: text that is compared as written, Chinese also by its sound (`上海` is `Shanghai`). */
export const textKind: FieldKind<TextValue> = {
  name: 'text',
  identifying: false,
  levels: [
    { name: 'same', m: 0.76, u: 0.02, counts: 'key' },
    { name: 'close', m: 0.1, u: 0.005 },
    { name: 'partly', m: 0.03, u: 0.01 },
    { name: 'different', m: 0.11, u: 0.965 },
  ],
  read(raw, { languages }) {
    let folded = foldText(raw).trim()
    if (/\p{Script=Han}/u.test(folded)) {
      const simple = languages.simplify?.(folded) ?? folded
      const place = simple.length <= 5 ? simple.replace(/[市省县区]$/u, '') || simple : simple
      folded = languages.textSyllables?.(place).join('') ?? place
    }
    const words = folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
    const key = words.join('')
    return key === '' ? undefined : { key, looseKey: key, words }
  },
  blocks: () => [],
  coarse: ({ key }) => [`t:${key}`],
  sketch: () => 0,
  reach: () => 1,
  compare(left, right) {
    if (left.key === right.key) return 0
    const shorter = Math.min(left.key.length, right.key.length)
    if (shorter >= 4 && jaroWinkler(left.key, right.key) >= 0.92) return 1
    if (shorter >= 3 && distance(left.key, right.key) <= (shorter >= 8 ? 2 : 1)) return 1
    if (left.words.length < 2 && right.words.length < 2) return 3
    const shared = left.words.filter((word) => word.length > 1 && right.words.includes(word)).length
    return shared * 2 >= Math.min(left.words.length, right.words.length) && shared > 0 ? 2 : 3
  },
}
