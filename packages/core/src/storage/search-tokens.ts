import { foldText } from './fold-text.js'

/** One piece of a folded text, by how it is cut into terms. */
export interface SearchToken {
  readonly kind: 'word' | 'cjk' | 'digits'
  readonly text: string
}

/** Most terms taken from one text. */
export const searchTermsLimit = 1_000

/** Digits at the end of a phone number that are written in every notation. */
const phoneTail = 7

const cjk = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\u30fc'
const tokenShape = new RegExp(`([${cjk}]+)|(\\p{Nd}+)|((?:(?![${cjk}]|\\p{Nd})[\\p{L}\\p{M}\\p{N}])+)`, 'gu')
const mailShape = /[^\s@<>(),;:"]{1,64}@[^\s@<>(),;:"]{1,255}\.[^\s@<>(),;:".]+/g
const phoneShape = /(?<![\p{L}\p{N}])\+?\d(?:[ ().\-/]{0,2}\d){4,19}(?![\p{L}\p{N}])/gu

/** The words, CJK runs and digit runs of a text, folded. A phone number is one run of digits, however it is grouped. */
export function searchTokens(text: string): SearchToken[] {
  return tokensOfFolded(foldText(text))
}

/** Like {@link searchTokens}, of text that is folded already. Whoever looks at words alone need not have its `numbers` put together. */
export function tokensOfFolded(folded: string, numbers = true): SearchToken[] {
  const plain = asciiTokens(folded, !numbers)
  if (plain) return plain
  const grouped = numbers ? folded.replace(phoneShape, (phone) => ` ${phone.replace(/\D/g, '')} `) : folded
  const simple = numbers ? asciiTokens(grouped, true) : undefined
  if (simple) return simple
  const tokens: SearchToken[] = []
  for (const [token, cjkRun, number] of grouped.matchAll(tokenShape))
    tokens.push({ kind: cjkRun !== undefined ? 'cjk' : number !== undefined ? 'digits' : 'word', text: token })
  return tokens
}

/**
 * The search terms of a text, each once, for a field with an index of kind `terms` and for `Search.terms` alike:
 *
 * - words: trigrams, with a `_` for the start and the end of the word (`ada`: `_ad`, `ada`, `da_`);
 * - Chinese, Japanese, Korean: single characters and pairs;
 * - digits: trigrams with a `_` for the start, so that the beginning and any part of a number find it;
 * - a mail address also whole (`@ada@example.com`), a number of 7 to 20 digits also whole and by its last 7, which every notation of a
 *   phone number shares (`#491701234567`, `#1234567`).
 *
 * At most {@link searchTermsLimit}; what comes later in the text is left out.
 */
export function searchTerms(text: string): string[] {
  const terms = new Set<string>()
  addFoldedTerms(terms, foldText(text))
  return [...terms].slice(0, searchTermsLimit)
}

/** The terms that stand for all of a text, where it is one mail address or one number and nothing else. */
export function wholeTerms(text: string): string[] {
  const folded = foldText(text).trim()
  const [address] = folded.match(mailShape) ?? []
  if (address === folded) return [`@${address}`]
  const [only, another] = tokensOfFolded(folded)
  return only?.kind === 'digits' && !another ? numberTerms(only.text) : []
}

function numberTerms(digits: string): string[] {
  if (digits.length < phoneTail || digits.length > 20) return []
  return [...new Set([digits, digits.slice(-phoneTail)])].map((number) => `#${number}`)
}

/** Adds the terms of a folded text to those of others, until there are {@link searchTermsLimit} or a few more. */
export function addFoldedTerms(terms: Set<string>, folded: string): void {
  if (folded.includes('@')) for (const [address] of folded.matchAll(mailShape)) terms.add(`@${address}`)
  for (const { kind, text: token } of tokensOfFolded(folded)) {
    if (terms.size >= searchTermsLimit) return
    if (kind === 'cjk') {
      for (const character of token) terms.add(character)
      addGrams(terms, token, 2)
    } else if (kind === 'word') {
      addGrams(terms, `_${token}_`, 3)
    } else {
      addGrams(terms, `_${token}`, 3)
      for (const term of numberTerms(token)) terms.add(term)
    }
  }
}

/**
 * What the pattern finds, found faster; nothing where the text is not all ASCII, or where its runs of digits may be one phone number
 * and were not `grouped` yet.
 */
function asciiTokens(text: string, grouped: boolean): SearchToken[] | undefined {
  const tokens: SearchToken[] = []
  let kind: 'word' | 'digits' | undefined
  let start = 0
  let runs = 0
  let digits = 0
  for (let index = 0; index <= text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 126) return undefined
    const here = code >= 97 && code <= 122 ? 'word' : code >= 48 && code <= 57 ? 'digits' : undefined
    if (here === kind) continue
    if (kind === 'digits') {
      runs++
      digits += index - start
      if (!grouped && runs > 1 && digits >= 5) return undefined
    }
    if (kind) tokens.push({ kind, text: text.slice(start, index) })
    kind = here
    start = index
  }
  return tokens
}

/** How many of a query's terms a candidate must share: 45 % of them, so that one typo in a word is forgiven. */
export function leastOverlap(termCount: number): number {
  return Math.max(1, Math.ceil(termCount * 0.45))
}

const surrogate = /[\ud800-\udbff]/

/** Adds all runs of `length` neighbouring characters; all of them together when they are fewer. */
function addGrams(terms: Set<string>, text: string, length: number): void {
  const characters = surrogate.test(text) ? [...text] : text
  let start = 0
  do {
    const gram = characters.slice(start, start + length)
    terms.add(typeof gram === 'string' ? gram : gram.join(''))
  } while (++start + length <= characters.length)
}
