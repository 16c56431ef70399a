import { compareCodePoints } from '../kernel/text-safety.js'
import { editDistance } from './edit-distance.js'
import { foldText } from './fold-text.js'
import { type SearchToken, searchTokens } from './search-tokens.js'

/** A record that a search may mean: its searchable texts, such as name, company and mail address. */
export interface SearchCandidate {
  readonly id: string
  readonly texts: readonly string[]
}

/** How well a record matches: 0 nothing in common, 1 the query is one of its texts. */
export interface RankedCandidate {
  readonly id: string
  readonly similarity: number
}

/** Below this, two words are taken as different words rather than as one with typos. */
const leastWordSimilarity = 0.5
/** Share of the result that rests on the query as a whole, not word by word. */
const phraseShare = 0.1

/**
 * Ranks candidates by similarity to a query, best first, ties by id; the same for every storage. Each word of the query counts by
 * its length with its best match: the same word 1, a word it begins 0.9 to 1, a word it is part of 0.8 to 0.9, else 0.8 times
 * one minus edit distance by length. A tenth of the result says whether the query as a whole is, begins or is part of a text.
 */
export function rankCandidates(
  query: string,
  candidates: readonly SearchCandidate[],
  limit: number,
): RankedCandidate[] {
  const tokens = searchTokens(query)
  const phrase = foldText(query).trim()
  return candidates
    .map(({ id, texts }) => ({ id, similarity: similarityOf(tokens, phrase, texts) }))
    .sort((left, right) => right.similarity - left.similarity || compareCodePoints(left.id, right.id))
    .slice(0, limit)
}

function similarityOf(tokens: readonly SearchToken[], phrase: string, texts: readonly string[]): number {
  const held = texts.flatMap(searchTokens)
  let length = 0
  let matched = 0
  for (const token of tokens) {
    const best = held.reduce((most, other) => Math.max(most, tokenSimilarity(token, other)), 0)
    length += token.text.length
    matched += token.text.length * best
  }
  const words = length === 0 ? 0 : matched / length
  const whole = texts.reduce((most, text) => Math.max(most, phraseSimilarity(phrase, foldText(text).trim())), 0)
  return (1 - phraseShare) * words + phraseShare * whole
}

function tokenSimilarity(query: SearchToken, held: SearchToken): number {
  if (query.text === held.text) return 1
  if (query.kind !== held.kind) return 0
  const covered = query.text.length / held.text.length
  if (held.text.startsWith(query.text)) return 0.9 + 0.1 * covered
  if (held.text.includes(query.text)) return 0.8 + 0.1 * covered
  const left = Array.from(query.text)
  const right = Array.from(held.text)
  const longer = Math.max(left.length, right.length)
  // Words whose lengths alone keep them apart need no comparison.
  if (Math.abs(left.length - right.length) > longer * (1 - leastWordSimilarity)) return 0
  const similarity = 1 - editDistance(left, right) / longer
  return similarity < leastWordSimilarity ? 0 : 0.8 * similarity
}

function phraseSimilarity(phrase: string, text: string): number {
  if (phrase === '' || text === '') return 0
  if (phrase === text) return 1
  return text.startsWith(phrase) ? 0.7 : text.includes(phrase) ? 0.4 : 0
}
