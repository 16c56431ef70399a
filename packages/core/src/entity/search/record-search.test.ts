import { beforeAll, describe, expect, test } from 'vitest'
import { adminRole, type Role } from '../../access/role.js'
import type { Crm } from '../../crm.js'
import type { CrmSession } from '../../crm-session.js'
import { createTestCrm } from '../../testing.js'
import { failureOf } from '../session-context.fixture.js'

const clerk: Role = {
  key: 'clerk',
  rights: { contact: { read: 'all', hiddenFields: ['phones', 'lastName'] }, company: { read: 'own' } },
}

/** Everybody here, once. */
let crm: Crm
let shop: CrmSession

async function nameOfFirst(query: string): Promise<string | undefined> {
  return (await shop.contacts.search(query)).items[0]?.record.fullName
}

beforeAll(async () => {
  crm = await createTestCrm({ roles: (_tenant, { id }) => (id === 'clerk' ? [clerk] : [adminRole]) })
  shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  const person = (firstName: string, lastName: string, email: string, phone: string, externalId: string) =>
    shop.contacts.upsert({
      externalRef: { system: 'shop', externalId },
      firstName,
      lastName,
      emails: [{ address: email }],
      phones: [{ number: phone }],
    })
  await person('Jürgen', 'Weißmüller', 'j.weiss@kunde.example', '+49 170 1234567', 'K-1042')
  await person('Hélène', 'Lefèvre', 'helene@poste.example', '+33 6 12 34 56 78', 'K-1043')
  await person('Ada', 'Whitaker', 'ada.whitaker@mail.example', '+44 20 7946 0018', 'K-1044')
  await person('Thomas', 'Böll', 'boell@kunde.example', '+49 30 90 18 20', 'K-2045')
  await person('小明', '李', 'lxm@youjian.example', '+86 138 0013 8000', 'K-3046')
  await person('德華', '劉', 'andy@youjian.example', '+86 139 0000 1111', 'K-3047')
  await person('伟', '单', 'wei@youjian.example', '+86 137 2222 3333', 'K-3048')
  await shop.companies.create({ name: '上海明日科技有限公司', taxId: '91310000MA1K35', domains: ['mingri.example'] })
  await shop.companies.create({ name: 'Northwind Traders', legalName: 'Northwind Handels GmbH' })
})

describe('a contact is found by', () => {
  test.each([
    ['the beginning of a name, while it is typed', 'whi', 'Ada Whitaker'],
    ['two letters', 'he', 'Hélène Lefèvre'],
    ['a typo: a letter too few', 'whitker', 'Ada Whitaker'],
    ['a typo: two letters swapped', 'Whitakre', 'Ada Whitaker'],
    ['a typo: another letter', 'Whitager', 'Ada Whitaker'],
    ['its words in another order', 'Whitaker Ada', 'Ada Whitaker'],
    ['the beginnings of two words', 'ad whit', 'Ada Whitaker'],
    ['a name without its accents', 'helene lefevre', 'Hélène Lefèvre'],
    ['a name with accents of its own', 'Àdá Whítaker', 'Ada Whitaker'],
    ['ß written ss', 'weissmuller', 'Jürgen Weißmüller'],
    ['umlauts written as two letters', 'Boell', 'Thomas Böll'],
    ['capitals', 'WHITAKER', 'Ada Whitaker'],
    ['full-width letters', 'Ｗｈｉｔａｋｅｒ', 'Ada Whitaker'],
    ['a number with the national prefix', '0170/1234567', 'Jürgen Weißmüller'],
    ['a number with 00 in front', '0049 170 123 45 67', 'Jürgen Weißmüller'],
    ['a number with a bracketed zero', '+44 (0)20 7946 0018', 'Ada Whitaker'],
    ['the last digits of a number', '4567', 'Jürgen Weißmüller'],
    ['digits from the middle of a number', '794600', 'Ada Whitaker'],
    ['full-width digits', '１３８００１３８０００', '李小明'],
    ['a mail address', 'HELENE@poste.example', 'Hélène Lefèvre'],
    ['the beginning of a mail address', 'ada.whit', 'Ada Whitaker'],
    ['the domain of a mail address', 'poste.example', 'Hélène Lefèvre'],
    ['the id in another system', 'K-1042', 'Jürgen Weißmüller'],
    ['a part of that id', '1043', 'Hélène Lefèvre'],
    ['a name and the end of a number', 'thomas 1820', 'Thomas Böll'],
    ['a Chinese name', '李小明', '李小明'],
    ['a Chinese given name', '小明', '李小明'],
    ['one Chinese character', '李', '李小明'],
    ['a Chinese name with a space', '李 小明', '李小明'],
    ['simplified characters for traditional ones', '刘德华', '劉德華'],
    ['traditional characters for simplified ones', '單偉', '单伟'],
    ['pinyin', 'lixiaoming', '李小明'],
    ['pinyin, by words', 'li xiao ming', '李小明'],
    ['the beginning of pinyin', 'lixiao', '李小明'],
    ['pinyin of a surname that reads otherwise elsewhere', 'shan wei', '单伟'],
    ['initials of pinyin', 'ldh', '劉德華'],
  ])('%s', async (_kind, query, expected) => {
    expect(await nameOfFirst(query)).toBe(expected)
  })
})

describe('a company is found by', () => {
  test.each([
    ['two characters from its middle', '明日', '上海明日科技有限公司'],
    ['four characters from its middle', '明日科技', '上海明日科技有限公司'],
    ['words that are not neighbours', '上海 科技', '上海明日科技有限公司'],
    ['the beginning of its pinyin', 'shanghai', '上海明日科技有限公司'],
    ['its tax id', '91310000ma1k35', '上海明日科技有限公司'],
    ['its domain', 'mingri.example', '上海明日科技有限公司'],
    ['two words with a typo in each', 'nortwind tradrs', 'Northwind Traders'],
    ['its legal name', 'handels gmbh', 'Northwind Traders'],
  ])('%s', async (_kind, query, expected) => {
    expect((await shop.companies.search(query)).items[0]?.record.name).toBe(expected)
  })
})

describe('a hit', () => {
  test('says how well it matches and in which fields', async () => {
    const { items } = await shop.contacts.search('ada whitaker')
    expect(items[0]).toMatchObject({ score: 1, matched: ['fullName', 'emails'], record: { firstName: 'Ada' } })
    expect(items[0]?.record).not.toHaveProperty('searchTerms')
    expect(items[0]?.record).not.toHaveProperty('searchTexts')
  })

  test('of a whole address or number is whoever has it, and nobody who has one alike', async () => {
    for (const query of ['andy@youjian.example', '+86 139 0000 1111', '0139 0000 1111'])
      expect((await shop.contacts.search(query)).items.map(({ record }) => record.fullName)).toEqual(['劉德華'])
    expect((await shop.contacts.search('andi@youjian.example')).items[0]?.record.fullName).toBe('劉德華')
  })

  test('is only what the filter lets through, and no more than asked for', async () => {
    const where = { lastName: 'Böll' }
    expect((await shop.contacts.search('kunde.example', { where })).items.map(({ record }) => record.lastName)).toEqual(
      ['Böll'],
    )
    expect((await shop.contacts.search('example', { limit: 2 })).items).toHaveLength(2)
  })
})

describe('what an actor may not read', () => {
  const asClerk = (): CrmSession => crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'clerk' } })

  test('neither matches nor is named, be it a field or a part of one', async () => {
    for (const query of ['1234567', '+44 20 7946 0018', 'Whitaker', 'lxm 8000'])
      for (const { matched, record } of (await asClerk().contacts.search(query)).items) {
        expect(matched).not.toContain('phones')
        expect(record).not.toHaveProperty('phones')
      }
    expect((await asClerk().contacts.search('1234567')).items).toEqual([])
    expect((await asClerk().contacts.search('Lefevre')).items).toEqual([])
    const { items } = await asClerk().contacts.search('Helene')
    expect(items.map(({ record }) => record.firstName)).toEqual(['Hélène'])
  })

  test('gives nothing away beside words that match: the same hits, with the same scores', async () => {
    const plain = await asClerk().contacts.search('ada')
    // The hidden number of Ada, and one of nobody, with as many digits.
    for (const digits of ['0018', '9999'])
      expect((await asClerk().contacts.search(`ada ${digits}`)).items.map(({ score }) => score)).toEqual(
        (await asClerk().contacts.search('ada 7777')).items.map(({ score }) => score),
      )
    expect(plain.items).toHaveLength(1)
  })

  test('of records is not found, one by one or across entities', async () => {
    expect((await asClerk().companies.search('northwind')).items).toEqual([])
    expect((await asClerk().search('northwind')).items).toEqual([])
    expect((await failureOf(asClerk().tickets.search('parcel'))).code).toBe('access_denied')
    expect((await failureOf(asClerk().search('parcel', { entities: ['ticket'] }))).code).toBe('access_denied')
    expect((await failureOf(asClerk().contacts.search('ada', { where: { lastName: 'Whitaker' } }))).code).toBe(
      'access_denied',
    )
  })
})

describe('bad input', () => {
  test.each([
    ['no text', 5, {}, 'query'],
    ['half a character', '\ud800', {}, 'query'],
    ['a query that is too long', 'a'.repeat(201), {}, 'query'],
    ['too many words', String.fromCodePoint(...Array.from({ length: 180 }, (_, index) => 0x4e00 + index)), {}, 'query'],
    ['no hit', 'ada', { limit: 0 }, 'limit'],
    ['too many hits', 'ada', { limit: 101 }, 'limit'],
    ['part of a hit', 'ada', { limit: 1.5 }, 'limit'],
  ])('%s is refused', async (_what, query, options, field) => {
    expect(await failureOf(shop.contacts.search(query as string, options))).toMatchObject({
      code: 'validation_failed',
      details: { field },
    })
  })

  test('a query without a letter or digit finds nothing', async () => {
    for (const query of ['', '  ', '--- !?']) expect(await shop.contacts.search(query)).toEqual({ items: [] })
  })

  test('an entity that cannot be searched is refused, and so is none at all', async () => {
    for (const entities of [['journal'], ['unicorn'], []])
      expect((await failureOf(shop.search('ada', { entities }))).details.field).toBe('entities')
    for (const entities of [['journal'], []])
      expect((await failureOf(shop.searchIndex.rebuild(entities))).details.field).toBe('entities')
  })

  test('an aborted search fails with aborted', async () => {
    expect((await failureOf(shop.contacts.search('ada', { signal: AbortSignal.abort() }))).code).toBe('aborted')
  })
})
