import type { CrmSession, ImportOptions, ImportRowError, Run } from '@rapport/core'
import { expect, test } from 'vitest'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'

/** A file of 1,100 people, of whom every hundredth has no address that is one, and every 25th comes a second time. */
function peopleFile(): string {
  const lines = ['客户编号,First name,Last name,E-Mail,手机,Tags,Revenue,Since']
  for (let index = 0; index < 1_100; index++) {
    const who = index % 25 === 24 ? index - 1 : index
    const mail = index % 100 === 50 ? 'none' : `p${who}@example.com`
    lines.push(`K-${who},First${index},王${who},${mail},+49 30 ${100000 + who},"a; b",,`)
  }
  return lines.join('\r\n')
}

const mapping = {
  客户编号: { field: 'externalRef', item: { system: 'shop' } },
  'First name': 'firstName',
  'Last name': 'lastName',
  'E-Mail': 'email',
  手机: { field: 'phone', item: { type: 'mobile' } },
  Tags: 'tags',
} as const

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

async function imported(shop: CrmSession, options: ImportOptions): Promise<Run> {
  return shop.runs.wait((await shop.imports.start(options)).id)
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  return (await listed(pieces)).join('')
}

describeOnEveryStorage('import and export', (on) => {
  const session = (): CrmSession => on().crm.session({ tenantId: on().newTenant(), actor: staff })

  test('import: a CSV goes in once, with progress, errors by row, few statements, and twice changes nothing', async () => {
    const shop = session()
    const options = { file: peopleFile(), object: 'contact', mapping, matchOn: 'externalRef' } as const
    const preview = await shop.imports.preview(options)
    // Rows 0 to 999: 10 without an address, 40 that repeat the row before them.
    expect(preview).toMatchObject({ rows: 1_000, more: true, counts: { failed: 10 } })
    expect(preview.counts.created + preview.counts.updated).toBe(990)
    expect(await shop.contacts.count()).toBe(0)

    on().calls.count = 0
    const run = await imported(shop, options)
    // 1,100 rows: 11 fail, 44 repeat a key and update, the rest are new.
    expect(run).toMatchObject({ status: 'done', progress: { done: 1_100, total: 1_100 } })
    expect(run.counts).toEqual({ created: 1_045, updated: 44, unchanged: 0, skipped: 0, failed: 11 })
    // A repeated key ends a commit, so there are about 45 of them; never one a row.
    expect(on().calls.count).toBeLessThan(700)
    expect(await shop.contacts.count()).toBe(1_045)
    const errors = await listed<ImportRowError>(shop.imports.errors(run.id))
    expect(errors.map(({ row }) => row)).toEqual(Array.from({ length: 11 }, (_, index) => 52 + index * 100))
    expect(errors[0]).toMatchObject({ column: 'E-Mail', field: 'emails.0.address', code: 'validation_failed' })
    expect(JSON.stringify(errors)).not.toContain('none')

    const ref = { system: 'shop', externalId: 'K-23' }
    const person = await shop.contacts.findByExternalRef(ref)
    expect(person).toMatchObject({ firstName: 'First24', lastName: '王23', version: 2, tags: ['a', 'b'] })
    expect(person?.phones).toEqual([expect.objectContaining({ number: '+49 30 100023', type: 'mobile' })])

    const once = { ...options, file: peopleFile().split('\r\n').slice(0, 24).join('\n') }
    expect((await imported(shop, once)).counts).toMatchObject({ created: 0, updated: 0, unchanged: 23 })
  })

  test('import: the match key is the uniqueness of the storage, and deleted records match nothing', async () => {
    // twenty #11864, #13553, #23305: upsert by another predicate than the index made duplicates, deleted rows kept their key.
    const shop = session()
    const gone = await shop.contacts.create({ firstName: 'Gone', emails: [{ address: 'gone@example.com' }] })
    await shop.contacts.delete(gone.id)
    const ada = await shop.contacts.create({
      firstName: 'Ada',
      emails: [{ address: 'ada@example.com' }, { address: 'second@example.com' }],
    })
    const file = 'Mail,First\nGONE@example.com,New\nSecond@Example.com ,Countess\n'
    const byMail = {
      file,
      object: 'contact',
      mapping: { Mail: 'email', First: 'firstName' },
      matchOn: 'email',
    } as const
    expect((await imported(shop, { ...byMail, mode: 'create' })).counts).toMatchObject({ created: 1, skipped: 1 })
    expect((await imported(shop, { ...byMail, mode: 'update' })).counts).toMatchObject({ unchanged: 1, updated: 1 })
    expect(await shop.contacts.get(ada.id)).toMatchObject({ firstName: 'Countess' })
    expect(await shop.contacts.findByEmail('gone@example.com')).toMatchObject({ firstName: 'New' })
    expect((await imported(shop, { ...byMail, file: 'Mail,First\nx@y.com,X\n', mode: 'update' })).counts).toMatchObject(
      {
        skipped: 1,
      },
    )

    const taken = await imported(shop, {
      file: 'No,Mail\n1,ada@example.com\n2,free@example.com\n',
      object: 'contact',
      mapping: { No: { field: 'externalRef', item: { system: 'erp' } }, Mail: 'email' },
      matchOn: 'externalRef',
    })
    expect(taken.counts).toMatchObject({ created: 1, failed: 1 })
    expect(await listed(shop.imports.errors(taken.id))).toEqual([
      expect.objectContaining({ row: 2, column: 'Mail', code: 'conflict' }),
    ])
  })

  test('import: custom fields are coerced and matched on; XLSX and JSON lines go in like CSV', async () => {
    const shop = session()
    for (const [key, type] of [
      ['vat', 'text'],
      ['size', 'number'],
      ['since', 'date'],
      ['open', 'boolean'],
    ] as const)
      await shop.customFields.register({ object: 'company', key, type, label: key === 'since' ? '成立日期' : key })
    const columns = {
      Company: 'name',
      VAT: 'custom.vat',
      Size: { field: 'custom.size', decimal: ',' },
      成立日期: { field: 'custom.since', dateOrder: 'dayFirst' },
      Open: 'custom.open',
      Revenue: { field: 'annualRevenue', currency: 'EUR', decimal: ',' },
    } as const
    const file =
      'Company;VAT;Size;成立日期;Open;Revenue\nTea GmbH;DE1;1.234,5;3/4/1999;是;12.000,50\nCake;DE2;big;1.1.2000;no;\n'
    const options = { file, object: 'company', mapping: columns, matchOn: 'custom.vat' } as const
    const run = await imported(shop, options)
    expect(run.counts).toMatchObject({ created: 1, failed: 1 })
    const [tea] = (await shop.companies.find()).items
    expect(tea).toMatchObject({
      name: 'Tea GmbH',
      annualRevenue: { amountMinor: 1_200_050, currency: 'EUR' },
      custom: { vat: 'DE1', size: 1234.5, since: '1999-04-03', open: true },
    })
    expect((await imported(shop, { ...options, file: file.replace('Tea GmbH', 'Tea AG') })).counts).toMatchObject({
      updated: 1,
    })
    for (const format of ['xlsx', 'jsonLines'] as const) {
      const pieces = (await listed<string | Uint8Array>(shop.exports[format]({ object: 'company' }))) as BlobPart[]
      const other = session()
      for (const field of (await shop.customFields.find()).items)
        await other.customFields.register({ object: 'company', key: field.key, type: field.type, label: field.label })
      const again = new Blob(pieces)
      const { mapping: suggested, format: found } = await other.imports.suggest({ file: again, object: 'company' })
      expect(found).toBe(format)
      const { id: _, ...own } = suggested
      expect((await imported(other, { file: again, object: 'company', mapping: own })).counts).toMatchObject({
        created: 1,
      })
      expect((await other.companies.find()).items[0]).toMatchObject({
        name: 'Tea AG',
        custom: tea?.custom,
        annualRevenue: tea?.annualRevenue,
      })
    }
  })

  test('import: it is cancelled between batches, and another process takes up what a crash left', async () => {
    const shop = session()
    const rows = Array.from({ length: 1_200 }, (_, index) => `p${index}@example.com,Name${index}`)
    const options = {
      file: ['Mail,Name', ...rows].join('\n'),
      object: 'contact',
      mapping: { Mail: 'email', Name: 'lastName' },
      matchOn: 'email',
    } as const
    const stopped = await shop.imports.start(options)
    await expect(shop.imports.undo(stopped.id)).rejects.toMatchObject({ code: 'rule_violated' })
    await shop.runs.cancel(stopped.id)
    expect((await shop.runs.wait(stopped.id)).status).toBe('canceled')

    // A worker of this process never comes: the next one does the work when it ticks.
    const idle = await on().another({ jobs: { enqueue: async () => {}, work: async () => {}, close: async () => {} } })
    const left = await idle.session({ tenantId: shop.tenantId, actor: staff }).imports.start(options)
    await idle.close()
    await on().crm.tick()
    const done = await shop.runs.wait(left.id)
    expect(done.status).toBe('done')
    expect(await shop.contacts.count()).toBe(1_200)
  })

  test('import: undo removes what it made, restores what it changed, and keeps what was edited since', async () => {
    const shop = session()
    const ada = await shop.contacts.create({
      firstName: 'Ada',
      jobTitle: 'Countess',
      emails: [{ address: 'ada@example.com' }],
    })
    const bob = await shop.contacts.create({ firstName: 'Bob', emails: [{ address: 'bob@example.com' }] })
    const file = [
      'Mail,First,Job,Phone',
      'ada@example.com,Augusta,Analyst,+44 20 7946 0018',
      'bob@example.com,Robert,Builder,',
      'new@example.com,New,,',
      'kept@example.com,Kept,,',
    ].join('\n')
    const run = await imported(shop, {
      file,
      object: 'contact',
      mapping: { Mail: 'email', First: 'firstName', Job: 'jobTitle', Phone: 'phone' },
      matchOn: 'email',
    })
    expect(run.counts).toMatchObject({ created: 2, updated: 2 })
    await shop.contacts.update(bob.id, { jobTitle: 'Boss' })
    const kept = await shop.contacts.findByEmail('kept@example.com')
    await shop.contacts.update(kept?.id as string, { lastName: 'By hand' })

    const undo = await shop.runs.wait((await shop.imports.undo(run.id)).id)
    expect(undo).toMatchObject({ kind: 'import.undo', status: 'done', counts: { removed: 1, restored: 2, kept: 1 } })
    const back = await shop.contacts.get(ada.id)
    expect(back).toMatchObject({ firstName: 'Ada', jobTitle: 'Countess', phones: [] })
    expect(await shop.contacts.get(bob.id)).toMatchObject({ firstName: 'Bob', jobTitle: 'Boss' })
    expect(await shop.contacts.findByEmail('new@example.com')).toBeUndefined()
    expect(await shop.contacts.findByEmail('kept@example.com')).toMatchObject({ lastName: 'By hand' })
    expect(await listed(shop.imports.conflicts(run.id))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: bob.id, field: 'jobTitle', reason: 'changed_since' }),
        expect.objectContaining({ id: kept?.id, reason: 'changed_since' }),
      ]),
    )
    const [newest] = (await shop.contacts.history(ada.id)).items
    expect(newest).toMatchObject({ change: 'updated', cause: `run:${undo.id}` })
    expect(await shop.contacts.verifyHistory(ada.id)).toMatchObject({ intact: true })
    const again = await shop.runs.wait((await shop.imports.undo(run.id)).id)
    expect(again.counts).toEqual({ removed: 0, restored: 0, kept: 0 })
  })

  test('import: it may do what its starter may, no more', async () => {
    const tenantId = on().newTenant()
    const roles = async () => [
      {
        key: 'clerk',
        name: 'Clerk',
        rights: {
          contact: {
            create: 'own',
            read: 'own',
            update: 'own',
            readOnlyFields: ['jobTitle'],
            hiddenFields: ['birthDate'],
          },
          run: { create: 'yes', read: 'own', update: 'own' },
        },
      } as const,
    ]
    const theirs = await on().another({ roles: async (_tenant, actor) => (actor.id === 'clerk' ? roles() : [admin]) })
    const shop = on().crm.session({ tenantId, actor: staff })
    await shop.contacts.create({ firstName: 'Ada', ownerId: 'u_7', emails: [{ address: 'ada@example.com' }] })
    const clerk = theirs.session({ tenantId, actor: { type: 'user', id: 'clerk' } })
    const options = {
      file: 'Mail,First,Job\nada@example.com,Mine,x\nnew@example.com,New,x\n',
      object: 'contact',
      mapping: { Mail: 'email', First: 'firstName' },
      matchOn: 'email',
    } as const
    await expect(
      clerk.imports.start({ ...options, mapping: { ...options.mapping, Job: 'jobTitle' } }),
    ).rejects.toMatchObject({ code: 'access_denied', details: { field: 'jobTitle' } })
    const run = await imported(clerk, options)
    expect(run.counts).toMatchObject({ created: 1, failed: 1 })
    expect(await listed(clerk.imports.errors(run.id))).toEqual([
      expect.objectContaining({ row: 2, code: 'access_denied' }),
    ])
    const csv = await textOf(clerk.exports.csv({ object: 'contact' }))
    expect(csv).toContain('new@example.com')
    expect(csv).not.toContain('ada@example.com')
    expect(csv).not.toContain('birthDate')
    await expect(textOf(clerk.exports.csv({ object: 'contact', fields: ['birthDate'] }))).rejects.toMatchObject({
      code: 'access_denied',
    })
    await theirs.close()
  })

  test('export: CSV and JSON lines with relations, in few statements, safe against formulas', async () => {
    const shop = session()
    const tea = await shop.companies.create({ name: '=SUM(A1)', tags: ['a;b', 'c'] })
    const branch = await shop.companies.create({ name: 'Branch', parentCompanyId: tea.id })
    const ada = await shop.contacts.create({
      firstName: '+Ada',
      lastName: 'King, "C"',
      emails: [{ address: 'a@b.co' }],
    })
    await shop.associations.link({
      fromType: 'contact',
      fromId: ada.id,
      toType: 'company',
      toId: tea.id,
      typeKey: 'worksAt',
    })
    await shop.orders.record({
      contactId: ada.id,
      placedAt: '2026-03-01T10:00:00.000Z',
      total: { amountMinor: 4_999, currency: 'EUR' },
    })
    const relations = {
      company: { object: 'company', fields: ['name'], typeKey: 'worksAt' },
      orders: { object: 'order', by: 'contactId', fields: ['total'] },
    } as const
    on().calls.count = 0
    const csv = await textOf(
      shop.exports.csv({ object: 'contact', fields: ['firstName', 'lastName', 'emails', 'primaryEmail'], relations }),
    )
    expect(on().calls.count).toBeLessThan(10)
    expect(csv).toBe(
      [
        '\ufefffirstName,lastName,emails,primaryEmail,company.name,orders.total',
        `"'+Ada","King, ""C""",a@b.co,a@b.co,"'=SUM(A1)",49.99 EUR`,
        '',
      ].join('\r\n'),
    )
    const machines = await textOf(
      shop.exports.csv({ object: 'company', fields: ['name', 'tags'], where: { id: tea.id }, audience: 'machines' }),
    )
    expect(machines).toBe('name,tags\r\n=SUM(A1),"[""a;b"",""c""]"\r\n')
    const parents = { parent: { object: 'company', from: 'parentCompanyId', fields: ['id', 'name'] } } as const
    const lines = await textOf(
      shop.exports.jsonLines({ object: 'company', fields: ['name'], relations: parents, where: { id: branch.id } }),
    )
    expect(JSON.parse(lines)).toEqual({ name: 'Branch', parent: [{ id: tea.id, name: '=SUM(A1)' }] })
  })
})

const admin = {
  key: 'admin',
  name: 'Admin',
  rights: { '*': { create: 'all', read: 'all', update: 'all', delete: 'all' } },
} as const
