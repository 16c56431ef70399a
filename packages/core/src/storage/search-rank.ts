import { compareCodePoints } from '../kernel/text-safety.js'
import { editDistance } from './edit-distance.js'
import { foldText } from './fold-text.js'
import { type SearchToken, tokensOfFolded } from './search-tokens.js'

/** The searchable texts of one field. */
export interface SearchText {
  readonly field: string
  /** Above 0, at most 1: what a match in it counts beside one in another field. */
  readonly weight: number
  readonly texts: readonly string[]
  /** The texts went through `foldText` before. */
  readonly folded?: boolean
}

/** A record that a search may mean, by its fields, such as name, company and mail address. */
export interface SearchCandidate {
  readonly id: string
  readonly fields: readonly SearchText[]
}

/** How well a record matches. */
export interface RankedCandidate {
  readonly id: string
  /** 0 nothing in common, 1 the query is one of the texts of a field of weight 1. */
  readonly score: number
  /** The fields in which the words of the query were found, in the order given. */
  readonly matched: readonly string[]
}

/** Below this, two words are taken as different words rather than as one with typos. */
const leastWordSimilarity = 0.6
/** Share of the result that rests on the query as a whole, not word by word. */
const phraseShare = 0.1
/** From this on, a word was found in a field as it was typed. */
const foundSimilarity = 0.8
/** Two numbers that share this many digits at their end are one number, with and without its prefix. */
const sharedTail = 6

/**
 * Ranks candidates by similarity to a query, best first, ties by id; the same for every storage. Those with nothing in common are
 * left out. Each word of the query counts by its length with its best match, times the weight of the field: the same word 1, a
 * number that differs in its prefix 0.95, a word it begins 0.9 to 1, a word it is part of 0.8 to 0.9, else 0.8 times one minus edit
 * distance by length. A tenth of the result says whether the query as a whole is, begins or is part of a text.
 */
export function rankCandidates(
  query: string,
  candidates: readonly SearchCandidate[],
  limit: number,
): RankedCandidate[] {
  const phrase = foldText(query).trim()
  const compare = textComparison(phrase)
  const ranked: RankedCandidate[] = []
  for (const candidate of candidates) {
    const found = rankOne(compare, candidate)
    if (found) ranked.push(found)
  }
  ranked.sort((left, right) => right.score - left.score || compareCodePoints(left.id, right.id))
  return ranked.slice(0, limit)
}

/** A word of the query, taken apart once. */
interface Word extends SearchToken {
  readonly characters: readonly number[]
  readonly letters: number
  /** A number without the zeros in front of it. */
  readonly tail: string
}

function wordOf(token: SearchToken): Word {
  const { text, kind } = token
  return {
    ...token,
    characters: codePoints(text),
    letters: letterBits(text),
    tail: kind === 'digits' ? tailOf(text) : '',
  }
}

/** What a text has in common with a query. */
interface TextMatch {
  /** Of each word of the query with the most similar one of the text. */
  readonly similarities: Float64Array
  /** Of the query as a whole. */
  readonly phrase: number
}

/** The words of a query, and what folded texts have in common with them. */
interface TextComparison {
  readonly words: readonly Word[]
  readonly with: (text: string) => TextMatch
}

/** Remembers what was compared: candidates are alike, so that most words and many texts come up again and again. */
function textComparison(phrase: string): TextComparison {
  const words = tokensOfFolded(phrase).map(wordOf)
  const kinds = new Set(words.map(({ kind }) => kind))
  const ofTokens = new Map<string, Float64Array>()
  const ofTexts = new Map<string, TextMatch>()
  const compareToken = (held: SearchToken): Float64Array => {
    let similarities = ofTokens.get(held.text)
    if (similarities) return similarities
    const letters = letterBits(held.text)
    similarities = new Float64Array(words.length)
    for (let index = 0; index < words.length; index++)
      similarities[index] = tokenSimilarity(words[index]!, held, letters)
    ofTokens.set(held.text, similarities)
    return similarities
  }
  const compareText = (text: string): TextMatch => {
    const similarities = new Float64Array(words.length)
    for (const held of tokensOfFolded(text, kinds.has('digits'))) {
      if (!kinds.has(held.kind)) continue
      const similar = compareToken(held)
      for (let index = 0; index < similar.length; index++)
        if (similar[index]! > similarities[index]!) similarities[index] = similar[index]!
    }
    return { similarities, phrase: phraseSimilarity(phrase, text) }
  }
  return {
    words,
    with: (text) => {
      const known = ofTexts.get(text)
      if (known) return known
      const match = compareText(text)
      ofTexts.set(text, match)
      return match
    },
  }
}

function rankOne(compare: TextComparison, { id, fields }: SearchCandidate): RankedCandidate | undefined {
  const { words } = compare
  const best = new Float64Array(words.length)
  const bestField = new Int32Array(words.length).fill(-1)
  const matched = new Set<number>()
  let whole = 0
  for (let place = 0; place < fields.length; place++) {
    const { texts, weight, folded } = fields[place]!
    for (const text of texts) {
      const { similarities, phrase } = compare.with(folded ? text : foldText(text))
      whole = Math.max(whole, weight * phrase)
      for (let index = 0; index < words.length; index++) {
        const similarity = similarities[index]!
        if (similarity >= foundSimilarity) matched.add(place)
        if (weight * similarity <= best[index]!) continue
        best[index] = weight * similarity
        bestField[index] = place
      }
    }
  }
  let length = 0
  let similarity = 0
  for (let index = 0; index < words.length; index++) {
    length += words[index]!.text.length
    similarity += words[index]!.text.length * best[index]!
  }
  if (similarity === 0) return undefined
  for (const place of bestField) if (place >= 0) matched.add(place)
  return {
    id,
    score: (1 - phraseShare) * (similarity / length) + phraseShare * whole,
    matched: fields.flatMap(({ field }, place) => (matched.has(place) ? [field] : [])),
  }
}

function tokenSimilarity(query: Word, held: SearchToken, letters: number): number {
  if (query.text === held.text) return 1
  if (query.kind !== held.kind) return 0
  if (query.kind === 'digits' && haveSameTail(query.tail, tailOf(held.text))) return 0.95
  const covered = query.text.length / held.text.length
  if (covered < 1) {
    if (held.text.startsWith(query.text)) return 0.9 + 0.1 * covered
    if (held.text.includes(query.text)) return 0.8 + 0.1 * covered
  }
  return 0.8 * spellingSimilarity(query, held.text, letters)
}

function spellingSimilarity(query: Word, held: string, letters: number): number {
  const longest = Math.max(query.text.length, held.length)
  const allowed = longest * (1 - leastWordSimilarity)
  // Words whose lengths or letters alone keep them apart need no comparison. A letter takes at most two units.
  if (Math.abs(query.text.length - held.length) > 2 * allowed) return 0
  if (bitCount(query.letters & ~letters) > allowed || bitCount(letters & ~query.letters) > allowed) return 0
  const characters = codePoints(held)
  const longer = Math.max(query.characters.length, characters.length)
  const similarity = 1 - editDistance(query.characters, characters, Math.ceil(allowed)) / longer
  return similarity < leastWordSimilarity ? 0 : similarity
}

function phraseSimilarity(phrase: string, text: string): number {
  if (phrase === '' || text === '') return 0
  const held = text.trim()
  if (phrase === held) return 1
  return held.startsWith(phrase) ? 0.7 : held.includes(phrase) ? 0.4 : 0
}

function tailOf(digits: string): string {
  return digits.replace(/^0+/, '')
}

function haveSameTail(left: string, right: string): boolean {
  if (left.length < sharedTail || right.length < sharedTail) return false
  return left.endsWith(right) || right.endsWith(left)
}

function codePoints(text: string): number[] {
  const points: number[] = []
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index)!
    if (point > 0xffff) index++
    points.push(point)
  }
  return points
}

/** Which of 32 classes of letters a word holds: what is missing in another word is at least one edit each. */
function letterBits(text: string): number {
  let bits = 0
  for (let index = 0; index < text.length; index++) bits |= 1 << (text.charCodeAt(index) & 31)
  return bits
}

function bitCount(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}
