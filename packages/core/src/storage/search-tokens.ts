import { foldText } from './fold-text.js'

/** One piece of a folded text, by how it is cut into terms. */
export interface SearchToken {
  readonly kind: 'word' | 'cjk' | 'digits'
  readonly text: string
}

/** Most terms taken from one text. */
export const searchTermsLimit = 1_000

const cjk = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\u30fc'
const tokenShape = new RegExp(`([${cjk}]+)|(\\p{Nd}+)|((?:(?![${cjk}]|\\p{Nd})[\\p{L}\\p{M}\\p{N}])+)`, 'gu')
const mailShape = /[^\s@<>(),;:"]{1,64}@[^\s@<>(),;:"]{1,255}\.[^\s@<>(),;:".]+/g
const phoneShape = /(?<![\p{L}\p{N}])\+?\d(?:[ ().\-/]{0,2}\d){6,19}(?![\p{L}\p{N}])/gu

/** The words, CJK runs and digit runs of a text, folded. A phone number is one run of digits, however it is grouped. */
export function searchTokens(text: string): SearchToken[] {
  const folded = foldText(text).replace(phoneShape, (phone) => ` ${phone.replace(/\D/g, '')} `)
  return Array.from(folded.matchAll(tokenShape), ([token, cjkRun, digits]) => ({
    kind: cjkRun !== undefined ? 'cjk' : digits !== undefined ? 'digits' : 'word',
    text: token,
  }))
}

/**
 * The search terms of a text, each once, for a field with an index of kind `terms` and for `Search.terms` alike:
 *
 * - words: trigrams, the first with a `_` for the start of the word (`ada`: `_ad`, `ada`);
 * - Chinese, Japanese, Korean: single characters and pairs;
 * - digits: trigrams, so that a part of a number finds it; two digits or fewer with a `_`;
 * - a mail address and a phone number also whole (`@ada@example.com`, `#491701234567`).
 *
 * At most {@link searchTermsLimit}; what comes later in the text is left out.
 */
export function searchTerms(text: string): string[] {
  const terms = new Set<string>()
  for (const [address] of foldText(text).matchAll(mailShape)) terms.add(`@${address}`)
  for (const { kind, text: token } of searchTokens(text)) {
    if (terms.size >= searchTermsLimit) break
    const characters = Array.from(token)
    if (kind === 'cjk') {
      for (const character of characters) terms.add(character)
      addGrams(terms, characters, 2)
    } else if (kind === 'word') {
      addGrams(terms, ['_', ...characters], 3)
    } else {
      addGrams(terms, characters.length < 3 ? ['_', ...characters] : characters, 3)
      if (characters.length >= 7 && characters.length <= 20) terms.add(`#${token}`)
    }
  }
  return [...terms].slice(0, searchTermsLimit)
}

/** How many of a query's terms a candidate must share: 45 % of them, so that one typo in a word is forgiven. */
export function leastOverlap(termCount: number): number {
  return Math.max(1, Math.ceil(termCount * 0.45))
}

/** Adds all runs of `length` neighbouring characters; all of them together when they are fewer. */
function addGrams(terms: Set<string>, characters: readonly string[], length: number): void {
  if (characters.length < length) {
    terms.add(characters.join(''))
    return
  }
  for (let start = 0; start + length <= characters.length; start++) {
    terms.add(characters.slice(start, start + length).join(''))
  }
}
