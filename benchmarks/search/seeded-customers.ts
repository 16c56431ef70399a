/** A customer made up by a seed. */
export interface SeededCustomer {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly phone: string
  readonly externalId: string
}

const english = {
  first:
    'Ada Grace Oliver Amelia George Isla Harry Ava Noah Mia Leo Emily Oscar Sophie Arthur Lily Henry Ella Theo Jessica'.split(
      ' ',
    ),
  last: 'Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke Harrison Fletcher Whitaker Pemberton'.split(
    ' ',
  ),
}
const german = {
  first:
    'Jürgen Björn Käthe Günter Sören Hans Anna Lukas Marie Felix Lena Jonas Greta Moritz Frieda Ulrich Anneliese'.split(
      ' ',
    ),
  last: 'Müller Schröder Weiß Groß Böhm Köhler Schäfer Krüger Strauß Jäger Vogel Hoffmann Schneider Zimmermann Kaufmann Löwenstein Brandstätter'.split(
    ' ',
  ),
}
const french = {
  first: 'François Hélène Zoé Jérôme Cécile Rémi Noël Chloé Benoît Aurélie Étienne Margaux Théo Océane'.split(' '),
  last: 'Lefèvre Géroux Béranger Dubois Moreau Chêne Garçon Crépin Rivière Beauséjour Dubuisson Lafontaine'.split(' '),
}
const surnames = [...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗'],
  givens = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国志红玉兰海波']
const traditional = [...'劉陳張楊黃趙吳馬羅許鄭蘇葉盧蔣'],
  traditionalGivens = [...'偉靜麗強軍傑濤蘭華國誌紅鵬輝寧慶豐']
const domains = [
  'example.com',
  'mail.example',
  'post.example.de',
  'shop.example.fr',
  'kunde.example',
  'youjian.example.cn',
]

/** Numbers from 0 up to 1, the same for the same seed. After Steele, Lea, Flood: Fast Splittable PRNGs (OOPSLA 2014). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}

/** One of a list. */
export function pick<T>(next: () => number, list: readonly T[]): T {
  return list[Math.floor(next() * list.length)] as T
}

/** Customers with English, German, French and (two in five) Chinese names. */
export function seededCustomers(count: number, seed = 1): SeededCustomer[] {
  const next = seededNumbers(seed)
  return Array.from({ length: count }, (_, index) => {
    const draw = next()
    const [firstName, lastName] = draw < 0.4 ? chineseName(next) : latinName(next, draw)
    const number = String(Math.floor(next() * 1e8)).padStart(8, '0')
    const chinese = draw < 0.4
    return {
      firstName,
      lastName,
      email: `${chinese ? `yonghu${number}` : mailbox(firstName, lastName)}.${index}@${pick(next, domains)}`,
      phone: chinese
        ? `+86 138 ${number.slice(0, 4)} ${number.slice(4)}`
        : `+49 170 ${number.slice(0, 3)} ${number.slice(3)}`,
      externalId: `K-${100_000 + index}`,
    }
  })
}

function chineseName(next: () => number): [string, string] {
  const old = next() < 0.1
  const characters = old ? traditionalGivens : givens
  const first = pick(next, characters) + (next() < 0.8 ? pick(next, characters) : '')
  return [first, pick(next, old ? traditional : surnames)]
}

function latinName(next: () => number, draw: number): [string, string] {
  const names = draw < 0.65 ? english : draw < 0.85 ? german : french
  // A third of the surnames are double, so that there are more than a few hundred names.
  const last = pick(next, names.last)
  const other = pick(next, names.last)
  return [pick(next, names.first), next() < 0.33 && other !== last ? `${last}-${other}` : last]
}

function mailbox(firstName: string, lastName: string): string {
  const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').toLowerCase()
  return `${plain(firstName)}.${plain(lastName).replace('-', '')}`
}
