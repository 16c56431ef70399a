/**
 * Three files of one invented trading house: the list of its web shop (English, UTF-8, commas), that of its branches (Chinese,
 * GB18030, semicolons) and the contents of an old CRM (both, lines of JSON). 20,000 rows with the dirt that such files have. The
 * rows are kept beside the files, so that a test can count from them what an import has to make of it.
 */
export interface StoryFiles {
  readonly webShop: { readonly file: Uint8Array; readonly rows: readonly StoryRow[] }
  readonly branches: { readonly file: Uint8Array; readonly rows: readonly StoryRow[] }
  readonly oldCrm: { readonly file: string; readonly rows: readonly StoryRow[] }
  /** Addresses of each person who is in two files under two addresses. */
  readonly twice: readonly (readonly [known: string, other: string])[]
}

/** One row, as its writer meant it. */
export interface StoryRow {
  /** Number of the customer in the list; empty in the old CRM. */
  readonly key: string
  readonly firstName: string
  readonly lastName: string
  /** As it is in the file: spaces, capitals and mistakes included. */
  readonly email: string
  readonly phone: string
  readonly street: string
  readonly city: string
  readonly country: string
  /** As it is in the file. */
  readonly birthday: string
}

interface Person extends StoryRow {
  readonly birthDate: string
  readonly isChinese: boolean
}

const webShopPeople = 8_700
const branchPeople = 5_850
const newToOldCrm = 3_800
/** Rows of the old CRM with an address that a list has. */
const knownToOldCrm = 1_000
const inTwoFiles = 200
const repeated = { webShop: 200, branches: 100 }
const broken = { webShop: 100, branches: 50 }

/** The files; the same ones every time. */
export function storyFiles(): StoryFiles {
  const random = numbersFrom(20_261_122)
  const people = invent(random, webShopPeople + branchPeople + newToOldCrm)
  const shopPeople = people.slice(0, webShopPeople)
  const branchList = people.slice(webShopPeople, webShopPeople + branchPeople).map(inChinese)
  const listed = [...shopPeople, ...branchList]
  const again = listed.filter((_, index) => index % 72 === 7).slice(0, inTwoFiles)
  const known = listed.filter((_, index) => index % 14 === 3).slice(0, knownToOldCrm)

  const webShopRows = shuffled(random, [
    ...shopPeople.map((person, index) => ({ ...person, key: `W-${index}`, email: dirty(person.email, index) })),
    ...damaged(people, broken.webShop, 'W-x', (day) => `31/02/${day.slice(0, 4)}`),
  ])
  const branchRows = shuffled(random, [
    ...branchList.map((person, index) => ({ ...person, key: `店${index}`, email: dirty(person.email, index) })),
    ...damaged(branchList, broken.branches, '店x', (day) => `${day.slice(0, 4)}-13-01`),
  ])
  // Who comes a second time moved to another town.
  webShopRows.push(...moved(webShopRows, repeated.webShop, 'Ghent'))
  branchRows.push(...moved(branchRows, repeated.branches, '拉萨'))
  const oldCrmRows = shuffled(random, [
    ...people.slice(-newToOldCrm),
    ...known.map((person) => ({ ...person, email: person.email.toUpperCase(), birthday: person.birthDate })),
    ...again.map((person, index) => ({
      ...person,
      email: `old.${index}@archive.example`,
      phone: spaced(person.phone),
      birthday: person.birthDate,
    })),
  ])
  return {
    webShop: { file: new TextEncoder().encode(webShopText(webShopRows)), rows: webShopRows },
    branches: { file: inGb18030(branchText(branchRows)), rows: branchRows },
    oldCrm: { file: oldCrmText(oldCrmRows), rows: oldCrmRows },
    twice: again.map(({ email }, index) => [email, `old.${index}@archive.example`]),
  }
}

function webShopText(rows: readonly StoryRow[]): string {
  const lines = rows.map(({ key, firstName, lastName, email, phone, street, city, country, birthday }) =>
    [key, firstName, lastName, email, phone, street, city, country, birthday].map(quoted).join(','),
  )
  // A list that went through a spreadsheet program: a mark of byte order, and empty lines at its end.
  return `\uFEFFCustomer no,First name,Last name,E-mail,Phone,Street,City,Country,Birthday\r\n${lines.join('\r\n')}\r\n\r\n\r\n`
}

function branchText(rows: readonly StoryRow[]): string {
  const lines = rows.map(({ key, firstName, lastName, email, phone, street, city, country, birthday }) =>
    [key, lastName, firstName, email, phone, street, city, country, birthday].map(quoted).join(';'),
  )
  return `客户编号;姓;名;邮箱;手机;地址;城市;国家;生日\n${lines.join('\n')}\n`
}

function oldCrmText(rows: readonly StoryRow[]): string {
  return rows
    .map(({ firstName, lastName, email, phone, street, city, country, birthday }) =>
      JSON.stringify({
        given: firstName,
        family: lastName,
        mail: email,
        tel: phone,
        street,
        town: city,
        land: country,
        born: birthday,
      }),
    )
    .join('\n')
}

/** A cell of a CSV; a town that holds a line end or a separator needs quotes. */
function quoted(cell: string): string {
  return /[",;\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** People of whom no two share a name, an address or a number. */
function invent(random: () => number, count: number): Person[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const names = new Set<string>()
  const people: Person[] = []
  while (people.length < count) {
    const isChinese = people.length >= webShopPeople && people.length % 3 !== 0
    const lastName = isChinese ? pick(surnames) : pick(beginnings) + pick(middles) + pick(endings)
    const firstName = isChinese
      ? pick(characters) + pick(characters)
      : pick(firstNames) + pick(['', ' J.', ' M.', '-Lou'])
    const name = `${lastName} ${firstName}`
    if (names.has(name)) continue
    names.add(name)
    const birthDate = new Date(Date.UTC(1945, 0, 1) + Math.floor(random() * 22_000) * 86_400_000)
      .toISOString()
      .slice(0, 10)
    people.push({
      key: '',
      firstName,
      lastName,
      email: `person${people.length}@mail${people.length % 40}.example`,
      phone: isChinese
        ? `138${String(10_000_000 + people.length * 37)}`
        : `+32 2 ${String(5_000_000 + people.length * 53)}`,
      city: isChinese
        ? pick(['上海', '广州', '成都', '西安'])
        : pick(['Leuven', 'Liège', 'São Paulo', 'Köln, Deutz', 'New\nYork']),
      street: isChinese ? `中山路${people.length}号` : `Kerkstraat ${people.length}`,
      country: isChinese ? 'CN' : 'BE',
      birthday: isChinese || people.length >= webShopPeople ? birthDate : birthDate.split('-').reverse().join('/'),
      birthDate,
      isChinese,
    })
  }
  // A spreadsheet program would run such a name.
  people[5] = { ...(people[5] as Person), lastName: '=HYPERLINK("x")' }
  return people
}

/** What somebody types into a form: capitals, and spaces around it. */
function dirty(email: string, index: number): string {
  if (index % 5 === 1) return `  ${email} `
  return index % 7 === 2 ? email.replace('person', 'Person') : email
}

function spaced(phone: string): string {
  return phone.startsWith('+')
    ? phone.replaceAll(' ', '-')
    : `${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}`
}

/** The branches write all names in Chinese. */
function inChinese(person: Person, index: number): Person {
  if (person.isChinese) return person
  const digits = [...String(index)].map((digit) => characters[Number(digit)]).join('')
  return {
    ...person,
    lastName: surnames[index % surnames.length] as string,
    firstName: digits,
    phone: `139${String(10_000_000 + index * 41)}`,
    street: `解放路${index}号`,
    city: '武汉',
    country: 'CN',
    isChinese: true,
  }
}

/** Rows that cannot be imported: every second without an address that is one, the others born on no day. */
function damaged(people: readonly Person[], count: number, key: string, noDay: (day: string) => string): StoryRow[] {
  return Array.from({ length: count }, (_, index) => {
    const person = people[index * 3] as Person
    const email = `broken${index}.${key.length}@mail.example`
    return index % 2 === 0
      ? { ...person, key: `${key}${index}`, email: 'nobody at home' }
      : { ...person, key: `${key}${index}`, email, birthday: noDay(person.birthDate) }
  })
}

function moved(rows: readonly StoryRow[], count: number, city: string): StoryRow[] {
  return rows
    .filter(({ key }) => !key.includes('x'))
    .slice(100, 100 + count)
    .map((row) => ({ ...row, city }))
}

/** GB18030 of a text of which every character takes one or two bytes there. */
function inGb18030(text: string): Uint8Array {
  const codes = new Map<string, readonly number[]>()
  const decoder = new TextDecoder('gb18030')
  for (let high = 0xa1; high <= 0xf7; high++)
    for (let low = 0xa1; low <= 0xfe; low++) codes.set(decoder.decode(new Uint8Array([high, low])), [high, low])
  return Uint8Array.from(
    [...text].flatMap((character) => {
      const code = character.charCodeAt(0) < 0x80 ? [character.charCodeAt(0)] : codes.get(character)
      if (!code) throw new Error(`${character} needs four bytes`)
      return [...code]
    }),
  )
}

function shuffled<T>(random: () => number, list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ item }) => item)
}

/** Numbers from 0 to 1 by the generator of Park and Miller (1988): the same for the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed % 2_147_483_647
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}

const firstNames =
  'Ada Alan Anaïs Björn Carla Daan Elif Emil Fatima Grace Hugo Ines Jan Karim Lena Luca Maja Noor Otto Paula'.split(' ')
const beginnings = 'Ber Cas Dor Fel Gar Hol Jan Ker Lam Mon Nor Pel Ros Sta Tol Ver Wal Zan'.split(' ')
const middles = 'a e i o u el an or is et um ar'.split(' ')
const endings = 'berg court dale feld ger hoven lind man mark ric sen son ström ton veld wick'.split(' ')
const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗']
const characters = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红兰建国春梅']
