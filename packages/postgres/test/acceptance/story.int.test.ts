import { type Crm, type CrmSession, createCrm, type Run } from '@rapport/core'
import { postgresStorage } from '@rapport/postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { staff } from './crm-on-every-storage.fixture.js'
import { type StoryRow, storyFiles } from './story-files.fixture.js'

// Three files are imported, what is there twice is found and merged, some of it is taken back, all is exported, one person is erased,
// and the rest is backed up and restored in another schema. What to expect is counted from the rows of the files alone.

const connectionString = inject('postgresUrl')
const files = storyFiles()
const tenantId = 'trading house'
const merged = 180
const takenBack = 30

let crm: Crm
let shop: CrmSession
const opened: Crm[] = []

async function crmIn(schema: string): Promise<Crm> {
  const opening = await createCrm({ storage: postgresStorage({ connectionString, schema, migrate: 'auto' }) })
  opened.push(opening)
  return opening
}

beforeAll(async () => {
  crm = await crmIn('story')
  shop = crm.session({ tenantId, actor: staff })
})
afterAll(() => Promise.all(opened.map((each) => each.close())))

// What is expected, by plain means.

const addressOf = (row: StoryRow): string => row.email.trim().toLowerCase()

/** Whether a day such as 07/03/1980 or 1980-03-07 is in the calendar. */
function isDay(birthday: string): boolean {
  const [year, month, day] = /^\d{4}/.test(birthday) ? birthday.split('-') : birthday.split('/').reverse()
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day)
}

const isSound = (row: StoryRow): boolean => addressOf(row).includes('@') && isDay(row.birthday)

function keyed(rows: readonly StoryRow[], keyOf: (row: StoryRow) => string) {
  const sound = rows.filter(isSound)
  const keys = new Set(sound.map(keyOf))
  return { keys, failed: rows.length - sound.length, repeated: sound.length - keys.size }
}

const webShop = keyed(files.webShop.rows, ({ key }) => key)
const branches = keyed(files.branches.rows, ({ key }) => key)
const listed = new Set([...files.webShop.rows, ...files.branches.rows].filter(isSound).map(addressOf))
const newInOldCrm = files.oldCrm.rows.map(addressOf).filter((address) => !listed.has(address))
const people = webShop.keys.size + branches.keys.size + newInOldCrm.length
const idByAddress = new Map<string, string>()

async function ended(run: Run): Promise<Run> {
  const last = await shop.runs.wait(run.id)
  expect(last.status).toBe('done')
  return last
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

/** The rows of a CSV, read by the rules of RFC 4180 alone. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quotedCell, plainCell = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quotedCell?.replaceAll('""', '"') ?? plainCell)
    if (end === '\r\n') rows.push([])
    if (end === '') break
  }
  return rows.filter((cells) => cells.length > 1)
}

test('20,000 rows in three files and two languages are imported, each as its writer meant it', async () => {
  expect([files.webShop, files.branches, files.oldCrm].reduce((sum, { rows }) => sum + rows.length, 0)).toBe(20_000)
  const list = { object: 'contact', matchOn: 'externalRef' } as const
  const born = { field: 'birthDate', dateOrder: 'dayFirst' } as const
  const suggested = await shop.imports.suggest({ file: files.branches.file, object: 'contact' })
  expect(suggested).toMatchObject({ encoding: { encoding: 'gb18030' }, delimiter: ';' })
  expect(suggested.mapping).toMatchObject({ 姓: 'lastName', 名: 'firstName', 邮箱: 'emails', 城市: 'addresses.city' })

  const fromWebShop = await ended(
    await shop.imports.start({
      ...list,
      file: files.webShop.file,
      mapping: {
        'Customer no': { field: 'externalRef', item: { system: 'webshop' } },
        'First name': 'firstName',
        'Last name': 'lastName',
        'E-mail': 'email',
        Phone: 'phone',
        Street: 'addresses.line1',
        City: 'addresses.city',
        Country: 'addresses.countryCode',
        Birthday: born,
      },
    }),
  )
  expect(fromWebShop.counts).toMatchObject({
    created: webShop.keys.size,
    updated: webShop.repeated,
    failed: webShop.failed,
  })
  const fromBranches = await ended(
    await shop.imports.start({
      ...list,
      file: files.branches.file,
      mapping: {
        ...suggested.mapping,
        客户编号: { field: 'externalRef', item: { system: 'branches' } },
        国家: 'addresses.countryCode',
      },
    }),
  )
  expect(fromBranches.counts).toMatchObject({
    created: branches.keys.size,
    updated: branches.repeated,
    failed: branches.failed,
  })
  const fromOldCrm = await ended(
    await shop.imports.start({
      file: files.oldCrm.file,
      object: 'contact',
      matchOn: 'email',
      mapping: {
        given: 'firstName',
        family: 'lastName',
        mail: 'email',
        tel: 'phone',
        street: 'addresses.line1',
        town: 'addresses.city',
        land: 'addresses.countryCode',
        born: 'birthDate',
      },
    }),
  )
  expect(fromOldCrm.counts).toMatchObject({ created: newInOldCrm.length, failed: 0 })
  expect(await shop.contacts.count()).toBe(people)
}, 120_000)

test('who is in two files is found, and nobody else', async () => {
  const scan = await ended(await shop.duplicates.scan({ object: 'contact' }))
  for await (const { id, primaryEmail } of shop.contacts.each({ limit: 1_000 })) {
    if (primaryEmail !== undefined) idByAddress.set(primaryEmail.toLowerCase(), id)
  }
  expect(idByAddress.size).toBe(people)
  const found = new Set<string>()
  for (let cursor: string | undefined; ; ) {
    const page = await shop.duplicates.find({ limit: 200, ...(cursor !== undefined && { cursor }) })
    for (const { leftId, rightId } of page.items) found.add([leftId, rightId].sort().join(' '))
    cursor = page.cursor
    if (cursor === undefined) break
  }
  const planted = files.twice.map((pair) =>
    pair
      .map((address) => idByAddress.get(address))
      .sort()
      .join(' '),
  )
  expect([...found].sort()).toEqual([...planted].sort())
  expect(scan.result).toMatchObject({ records: people, pairs: planted.length })
}, 120_000)

test('they are merged with their orders, and what was merged by mistake is taken back', async () => {
  const pairs = files.twice.map((pair) => pair.map((address) => idByAddress.get(address) as string))
  const order = (contactId: string, index: number) => ({
    externalRef: { system: 'webshop', externalId: `order ${index}` },
    contactId,
    placedAt: '2026-03-01T10:00:00.000Z',
    total: { amountMinor: 100 + index, currency: 'EUR' },
  })
  await shop.orders.recordMany(pairs.flat().map(order))
  const mergeIds: string[] = []
  for (const [survivorId = '', other = ''] of pairs.slice(0, merged))
    mergeIds.push((await shop.contacts.merge({ survivorId, mergedIds: [other] })).mergeId)
  expect(await shop.contacts.count()).toBe(people - merged)
  for (const [index, [survivorId = '', other = '']] of pairs.entries()) {
    if (index % 40 !== 0 || index >= merged) continue
    const view = await shop.contacts.get(survivorId)
    expect(view).toMatchObject({ orderCount: 2 })
    expect(view.emails.map(({ address }) => address.toLowerCase()).sort()).toEqual(
      [...(files.twice[index] ?? [])].sort(),
    )
    expect(await shop.contacts.resolveId(other)).toBe(survivorId)
  }
  for (const [index, mergeId] of mergeIds.slice(0, takenBack).entries()) {
    expect(await shop.contacts.unmerge(mergeId)).toMatchObject({
      restoredIds: [pairs[index]?.[1]],
      conflicts: [],
      kept: 0,
    })
  }
  expect(await shop.contacts.count()).toBe(people - merged + takenBack)
  const [first = '', second = ''] = pairs[0] ?? []
  for (const id of [first, second]) expect(await shop.contacts.get(id)).toMatchObject({ orderCount: 1 })
}, 120_000)

test('the export has everybody once, with nothing that a spreadsheet program would run', async () => {
  const text = await textOf(
    shop.exports.csv({ object: 'contact', fields: ['firstName', 'lastName', 'emails', 'primaryEmail'] }),
  )
  const [header = [], ...rows] = readCsv(text.replace(/^\uFEFF/, ''))
  expect(rows.length).toBe(people - merged + takenBack)
  const column = header.findIndex((name) => /primary/i.test(name))
  const gone = new Set(files.twice.slice(takenBack, merged).map(([, other]) => other))
  expect(new Set(rows.map((cells) => cells[column]?.toLowerCase()))).toEqual(
    new Set([...idByAddress.keys()].filter((address) => !gone.has(address))),
  )
  expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  expect(rows.flat()).toContain('\'=HYPERLINK("x")')
})

test('one of them is erased: no table and no export knows the person', async () => {
  // One who was merged, so that there are a merged record, an alias and a picture of it from before.
  const index = files.twice.findIndex(
    ([known], at) => at >= takenBack && at < merged && /[^\d]13[89]/.test(` ${phoneOf(known)}`),
  )
  const [known = '', other = ''] = files.twice[index] ?? []
  const { firstName, lastName } = rowOf(known)
  const erasure = await shop.privacy.erase(idByAddress.get(known) as string, { mode: 'delete', reason: 'asked for it' })
  await ended(erasure)
  const traces = [known, other, phoneOf(known), `${lastName}${firstName}`]
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema = 'story' and table_type = 'BASE TABLE'`,
    )
    expect(tables.rows.length).toBeGreaterThan(30)
    for (const { name } of tables.rows) {
      const { rows } = await client.query(`select 1 from ${name} as t where t::text ~* $1 limit 1`, [traces.join('|')])
      expect(rows, name).toEqual([])
    }
  } finally {
    await client.end()
  }
  const exported = await textOf(shop.exports.jsonLines({ object: 'contact' }))
  expect(exported.trimEnd().split('\n').length).toBe(people - merged + takenBack - 1)
  for (const trace of traces) expect(exported.toLowerCase()).not.toContain(trace.toLowerCase())
}, 120_000)

test('the backup is restored elsewhere: the same people, intact histories, and merges that can be taken back', async () => {
  const there = (await crmIn('story_elsewhere')).session({ tenantId, actor: staff })
  await there.restore(shop.backup())
  expect(await there.contacts.count()).toBe(people - merged + takenBack - 1)
  expect(await there.orders.count()).toBe(await shop.orders.count())
  const everything = { object: 'contact' } as const
  expect(await textOf(there.exports.jsonLines(everything))).toBe(await textOf(shop.exports.jsonLines(everything)))

  const survivor = idByAddress.get(files.twice[merged - 1]?.[0] ?? '') as string
  const restored = idByAddress.get(files.twice[merged - 1]?.[1] ?? '') as string
  expect(await there.contacts.verifyHistory(survivor)).toMatchObject({ intact: true })
  const { items } = await there.merges.find({ where: { survivorId: survivor } })
  expect(await there.contacts.unmerge(items[0]?.id ?? '')).toMatchObject({ restoredIds: [restored] })
  expect(await there.contacts.get(restored)).toMatchObject({
    orderCount: 1,
    primaryEmail: files.twice[merged - 1]?.[1],
  })
}, 120_000)

function rowOf(address: string): StoryRow {
  const row = [...files.webShop.rows, ...files.branches.rows].find((each) => addressOf(each) === address)
  if (!row) throw new Error('no file has that address')
  return row
}

function phoneOf(address: string): string {
  return rowOf(address).phone
}
