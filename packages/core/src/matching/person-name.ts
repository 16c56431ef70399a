import { distance } from 'fastest-levenshtein'
import { foldText } from '../storage/fold-text.js'
import type { FieldKind, ReadingContext, ReadValue } from './field-kind.js'
import { givenName } from './given-names.js'
import { jaroWinkler } from './jaro-winkler.js'
import { letterDifference, letterSet, lettersWithout } from './letter-set.js'
import { joinedHash } from './text-hash.js'

interface NameValue extends ReadValue {
  /** The name in simplified Chinese characters, where it is written so. */
  readonly han?: string
  /** Words in Latin letters, pet names as the names they stand for; of a Chinese name, surname and given name in pinyin. */
  readonly words: readonly string[]
}

const titles = new Set(
  'mr mrs ms miss mx dr prof professor sir madam herr frau jr sr ii iii iv phd md mba esq'.split(' '),
)
const chineseTitle = /(?:先生|女士|小姐|太太|老师|老師|博士|教授|经理|經理|总监|總監|主任|同志|总|總)$/u
const compoundSurnames = new Set(
  '欧阳 司马 上官 诸葛 尉迟 万俟 夏侯 皇甫 公孙 慕容 令狐 长孙 宇文 司徒 东方 端木 独孤 南宫 轩辕 申屠 淳于 公冶 太史 闻人 钟离 澹台 赫连'.split(
    ' ',
  ),
)

/** More words than a name has: the rest of a text that is none is not looked at. */
const mostWords = 30
/** Mark of a sketch, beside the number of words. */
const isHan = 1 << 30

const [same, variant, close, initial, part, relative, different] = [0, 1, 2, 3, 4, 5, 6] as const

/** Words that may differ by a slip of the finger. */
function isClose(left: string, right: string): boolean {
  const longer = Math.max(left.length, right.length)
  if (longer < 4 || Math.abs(left.length - right.length) > 3) return false
  const [a, b] = [letterSet(left), letterSet(right)]
  const allowed = longer >= 8 ? 2 : 1
  if (letterDifference(a, b) <= 2 * allowed && distance(left, right) <= allowed) return true
  // Of so many letters at most can match; with four equal first ones a similarity of 0.93 needs Jaro's to be 1 - 0.07 / 0.6.
  const matches = Math.min(left.length - lettersWithout(a, b), right.length - lettersWithout(b, a))
  return matches / left.length + matches / right.length >= 1.65 && jaroWinkler(left, right) >= 0.93
}

function surnameLengthOf(han: string): number {
  return han.length > 2 && compoundSurnames.has(han.slice(0, 2)) ? 2 : 1
}

function readChinese(han: string, { languages }: ReadingContext): NameValue {
  const surnameLength = surnameLengthOf(han)
  const syllables = languages.nameSyllables?.(han) ?? []
  if (syllables.length !== [...han].length) {
    return { key: han, looseKey: han, han, words: [] }
  }
  const surname = syllables.slice(0, surnameLength).join('')
  const given = syllables.slice(surnameLength).join('')
  return { ...fromWords([surname, given].filter((word) => word !== '')), key: han, han }
}

function fromWords(words: readonly string[]): NameValue {
  const looseKey = words.toSorted().join(' ')
  return { key: looseKey, looseKey, words }
}

/** A number that is the same for two texts of the same letters in another order. */
function lettersHash(words: readonly string[]): number {
  let sum = 0
  for (const word of words) {
    for (let index = 0; index < word.length; index++) sum = (sum + joinedHash(word.charCodeAt(index), 1)) >>> 0
  }
  return sum
}

/** The words of a name in Latin or another alphabetic script, without titles; a middle initial is left out. */
function wordsOf(folded: string): string[] {
  const words = folded
    .replaceAll(/['’`]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !titles.has(word))
    .slice(0, mostWords)
  return words.length > 2 ? words.filter((word, index) => word.length > 1 || index === 0) : words
}

function compareChinese(left: string, right: string): number {
  if (left === right) return same
  const surname = compoundSurnames.has(left.slice(0, 2)) ? 2 : 1
  return left.slice(0, surname) === right.slice(0, surname) ? relative : different
}

const isSame = (word: string, other: string): boolean => word === other
const isInitial = (word: string, other: string): boolean =>
  (word.length === 1 || other.length === 1) && word[0] === other[0]

/** The first word that is not taken and fits, or -1. */
function freePlace(
  words: readonly string[],
  taken: number,
  word: string,
  fits: (word: string, other: string) => boolean,
): number {
  for (let place = 0; place < words.length; place++) {
    if ((taken & (1 << place)) === 0 && fits(word, words[place]!)) return place
  }
  return -1
}

/** How the words of two names pair up, in any order. */
function compareWords(left: readonly string[], right: readonly string[]): number {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left]
  // Words of the longer name that are taken, as bits.
  let taken = 0
  let rest = 0
  let exact = 0
  for (let index = 0; index < short.length; index++) {
    const place = freePlace(long, taken, short[index]!, isSame)
    if (place < 0) rest |= 1 << index
    else exact++
    taken |= place < 0 ? 0 : 1 << place
  }
  let slips = 0
  let initials = 0
  for (let index = 0; rest !== 0 && index < short.length; index++) {
    if ((rest & (1 << index)) === 0) continue
    let place = freePlace(long, taken, short[index]!, isClose)
    if (place >= 0) slips++
    else {
      place = freePlace(long, taken, short[index]!, isInitial)
      if (place >= 0) initials++
    }
    taken |= place < 0 ? 0 : 1 << place
  }
  const paired = exact + slips + initials
  if (short.length === 1) {
    if (exact > 0) return part
    if (long.length > 1 && isOneWord(left, right)) return close
    return long.length === 1 ? (slips > 0 ? close : initials > 0 ? initial : different) : different
  }
  if (paired === short.length) {
    if (initials > 0) return exact + slips > 0 ? initial : different
    return slips > 0 ? close : variant
  }
  if (isOneWord(left, right)) return close
  return exact > 0 ? relative : different
}

/** Whether two names are the same letters but for slips, with the spaces elsewhere or the surname at the other end. */
function isOneWord(left: readonly string[], right: readonly string[]): boolean {
  const whole = left.join('')
  const other = right.join('')
  if (Math.abs(other.length - whole.length) > 2 || letterDifference(letterSet(whole), letterSet(other)) > 4)
    return false
  const turned = [...right.slice(1), right[0]].join('')
  const allowed = whole.length >= 8 ? 2 : 1
  return [other, turned, right.toReversed().join('')].some((order) => distance(whole, order) <= allowed)
}

/** Names of people, in any order of surname and given name, in Latin letters, Chinese characters or pinyin. */
export const personNameKind: FieldKind<NameValue> = {
  name: 'personName',
  identifying: false,
  levels: [
    { name: 'same', m: 0.685, u: 0.0005, counts: 'key' },
    { name: 'variant', m: 0.13, u: 0.0003, counts: 'looseKey' },
    { name: 'close', m: 0.12, u: 0.001 },
    { name: 'initial', m: 0.03, u: 0.001 },
    { name: 'part', m: 0.02, u: 0.002 },
    { name: 'relative', m: 0.003, u: 0.03, contradicts: true },
    { name: 'different', m: 0.012, u: 0.9652 },
  ],
  read(raw, context) {
    const simple = raw.normalize('NFKC').trim()
    const han = simple.replaceAll(/\s+/g, '').replace(chineseTitle, '')
    if (/^[\p{Script=Han}·]{1,6}$/u.test(han)) return readChinese(context.languages.simplify?.(han) ?? han, context)
    const words = wordsOf(foldText(simple))
    if (words.length === 0) return undefined
    const value = fromWords(words.map(givenName))
    return { ...value, key: words.toSorted().join(' ') }
  },
  blocks({ looseKey, han, words }) {
    if (words.length === 0) return han === undefined ? [] : [han]
    return words.length > 1 ? [looseKey, `j:${lettersHash(words)}`] : []
  },
  coarse({ han, words }) {
    if (words.length === 0 && han !== undefined) return [`c:${han[0]}`, `g:${han.slice(surnameLengthOf(han))}`]
    return words.filter((word) => word.length > 1).map((word) => `n:${word.slice(0, 4)}`)
  },
  sketch: ({ han, words }) => words.length | (han === undefined ? 0 : isHan),
  reach(left, right, sameLooseKey) {
    if ((left & right & isHan) !== 0) return relative
    if (sameLooseKey) return variant
    const shorter = Math.min(left & ~isHan, right & ~isHan)
    if (shorter === 0) return different
    // A name is part of a longer one; of two words each, both would have to be equal.
    return shorter > 1 && (left & ~isHan) !== (right & ~isHan) ? variant : close
  },
  compare(left, right) {
    if (left.key === right.key) return same
    if (left.han !== undefined && right.han !== undefined) return compareChinese(left.han, right.han)
    if (left.looseKey === right.looseKey) return variant
    if (left.words.length === 0 || right.words.length === 0) return different
    return compareWords(left.words, right.words)
  },
}
