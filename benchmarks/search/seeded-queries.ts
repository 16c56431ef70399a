import { pick, type SeededCustomer, seededNumbers } from './seeded-customers.js'

/** Something somebody types who looks for a customer. */
export interface SeededQuery {
  readonly kind: QueryKind
  readonly query: string
  /** Whether a customer is one that may be meant. */
  readonly fits: (customer: SeededCustomer) => boolean
}

/** Ways of asking for a customer. */
export type QueryKind = keyof typeof kinds

type Asked = Pick<SeededQuery, 'query' | 'fits'> | undefined

const han = /\p{Script=Han}/u
const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').toLowerCase()
const isLatin = ({ lastName }: SeededCustomer): boolean => !han.test(lastName)
const nameOf = ({ firstName, lastName }: SeededCustomer): string =>
  han.test(lastName) ? lastName + firstName : `${firstName} ${lastName}`
const digitsOf = ({ phone }: SeededCustomer): string => phone.replace(/\D/g, '')
const sameName = (asked: SeededCustomer) => (other: SeededCustomer) => folded(nameOf(other)) === folded(nameOf(asked))

/** Each way makes a query for a customer, or none where the customer cannot be asked for so. */
const kinds = {
  fullName: (one) => isLatin(one) && { query: nameOf(one), fits: sameName(one) },
  swappedWords: (one) => isLatin(one) && { query: `${one.lastName} ${one.firstName}`, fits: sameName(one) },
  prefix: (one) => {
    const start = folded(one.lastName).slice(0, 3)
    const words = (text: string): string[] => folded(text).split(/[ -]/)
    // A Chinese name may begin so in pinyin, which is not known here.
    const fits = (other: SeededCustomer): boolean =>
      !isLatin(other) || words(nameOf(other)).some((word) => word.startsWith(start))
    return isLatin(one) && { query: start, fits }
  },
  twoPrefixes: (one) => {
    const [first, last] = [folded(one.firstName).slice(0, 3), folded(one.lastName).slice(0, 4)]
    const fits = (other: SeededCustomer): boolean =>
      folded(other.firstName).startsWith(first) && folded(other.lastName).includes(last)
    return isLatin(one) && { query: `${first} ${last}`, fits }
  },
  typo: (one, next) => isLatin(one) && { query: misspelt(nameOf(one), next), fits: sameName(one) },
  accentsDropped: (one) =>
    isLatin(one) &&
    folded(nameOf(one)) !== nameOf(one).toLowerCase() && { query: folded(nameOf(one)), fits: sameName(one) },
  umlautAsTwoLetters: (one) => {
    const typed = nameOf(one).replace(/[äöü]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue' })[letter] ?? letter)
    return typed !== nameOf(one) && { query: typed, fits: sameName(one) }
  },
  fullWidth: (one) => {
    const wide = nameOf(one).replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))
    return isLatin(one) && { query: wide, fits: sameName(one) }
  },
  phoneOtherNotation: (one) => {
    const national = `0${digitsOf(one).slice(2)}`
    return { query: `${national.slice(0, 4)}/${national.slice(4)}`, fits: ({ phone }) => phone === one.phone }
  },
  phoneInfix: (one) => {
    const part = digitsOf(one).slice(5, 11)
    return { query: part, fits: (other) => digitsOf(other).includes(part) }
  },
  mail: (one) => ({ query: one.email.toUpperCase(), fits: ({ email }) => email === one.email }),
  mailPart: (one) => {
    const part = one.email.slice(0, one.email.indexOf('@'))
    return { query: part, fits: ({ email }) => email.startsWith(part) }
  },
  mailDomain: (one) => {
    const domain = one.email.slice(one.email.indexOf('@') + 1)
    return { query: domain, fits: ({ email }) => email.endsWith(domain) }
  },
  externalId: (one) => ({ query: one.externalId, fits: ({ externalId }) => externalId === one.externalId }),
  chineseFull: (one) => !isLatin(one) && { query: nameOf(one), fits: sameName(one) },
  chineseInfix: (one) =>
    one.firstName.length === 2 &&
    !isLatin(one) && { query: one.firstName, fits: (other) => nameOf(other).includes(one.firstName) },
  chineseCharacter: (one) =>
    !isLatin(one) && { query: one.lastName, fits: (other) => nameOf(other).includes(one.lastName) },
  nameAndPhone: (one) => {
    const end = digitsOf(one).slice(-4)
    return { query: `${nameOf(one)} ${end}`, fits: (other) => sameName(one)(other) && digitsOf(other).endsWith(end) }
  },
} satisfies Record<string, (one: SeededCustomer, next: () => number) => Asked | false>

/** All ways of asking. */
export const queryKinds = Object.keys(kinds) as readonly QueryKind[]

/** The same number of queries of each kind, each for a customer drawn by the seed. */
export function seededQueries(customers: readonly SeededCustomer[], perKind: number, seed = 2): SeededQuery[] {
  const next = seededNumbers(seed)
  return queryKinds.flatMap((kind) => {
    const queries: SeededQuery[] = []
    while (queries.length < perKind) {
      const asked = kinds[kind](pick(next, customers), next)
      if (asked) queries.push({ kind, ...asked })
    }
    return queries
  })
}

/** One letter left out, doubled, replaced or swapped with the next, behind the first of a word. */
function misspelt(name: string, next: () => number): string {
  const at = name.lastIndexOf(' ') + 2 + Math.floor(next() * Math.max(1, name.length - name.lastIndexOf(' ') - 4))
  const [before, letter, after] = [name.slice(0, at), name[at] ?? '', name.slice(at + 1)]
  return [
    before + after,
    before + letter + letter + after,
    `${before}x${after}`,
    before + (after[0] ?? '') + letter + after.slice(1),
  ][Math.floor(next() * 4)] as string
}
