import { type NameList, nameLists } from './name-lists.js'
import { seededNumbers } from './seeded-numbers.js'

/** A person made up for a customer number. */
export interface InventedPerson {
  readonly firstName: string
  readonly lastName: string
  /** At a domain that RFC 2606 reserves, so no mail can ever reach anybody. */
  readonly email: string
  /** From the block 555-0100 to 555-0199, which is kept for fiction. */
  readonly phone?: string
  readonly locale: string
}

const defaultSeed = 'lantern-records-1411'
const domains = ['example.com', 'example.net', 'example.org']
const areaCodes = ['206', '212', '312', '415', '503', '512', '617', '718']
const totalWeight = nameLists.reduce((sum, { weight }) => sum + weight, 0)

/** Name, address and perhaps phone of a customer of the log, who has none there. Number and seed decide: nothing is drawn by chance. */
export function inventPerson(customerId: number, seed: string = defaultSeed): InventedPerson {
  const numbers = seededNumbers(seed, customerId)
  const list = listAt(numbers.below(totalWeight))
  const [firstName, firstLatin] = spellings(numbers.pick(list.first))
  const [lastName, lastLatin] = spellings(numbers.pick(list.last))
  const mailbox = `${asciiOf(firstLatin)}.${asciiOf(lastLatin)}.${customerId}`
  const email = `${mailbox}@${numbers.pick(domains)}`
  const phone = `+1 ${numbers.pick(areaCodes)} 555 01${String(numbers.below(100)).padStart(2, '0')}`
  return { firstName, lastName, email, locale: list.locale, ...(numbers.below(3) === 0 && { phone }) }
}

function listAt(draw: number): NameList {
  let rest = draw
  return nameLists.find(({ weight }) => {
    rest -= weight
    return rest < 0
  }) as NameList
}

function spellings(entry: string): [name: string, latin: string] {
  const [name = '', latin = name] = entry.split('/')
  return [name, latin]
}

/** Lower-case letters a to z alone: `O'Rourke` and `Dvořák` become `orourke` and `dvorak`. */
function asciiOf(latin: string): string {
  return latin
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '')
}
