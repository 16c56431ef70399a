import type { Contact, Run } from '@rapport/core'
import { describe, expect, test } from 'vitest'
import { type ApiAnswer, type ApiUser, type ApiWorld, noon } from './api-world.fixture.js'

const messy = [
  'Name;Surname;E-mail;Phone;Born;Stage',
  'Ada;King;ada@example.com;+44 20 7946 0958;10/12/1815;customer',
  'Grace;Hopper;not an address;;;customer',
  'Alan;Turing;alan@example.com;;23/06/1912;nobody knows',
].join('\n')

const mapping = {
  Name: 'firstName',
  Surname: 'lastName',
  'E-mail': 'emails',
  Phone: 'phones',
  Born: { field: 'birthDate', dateOrder: 'dayFirst' },
  Stage: 'lifecycleStage',
} as const
const newContacts = { file: messy, object: 'contact', mapping, matchOn: 'email', mode: 'createAndUpdate' } as const

/** Import, duplicates, merge, consent and privacy over HTTP, on whatever storage the world has. */
export function describeDataQuality(world: () => ApiWorld): void {
  describe('imports', () => {
    test('a file is looked at, tried, imported, its errors read page by page, and taken back', async () => {
      const { client } = world().staff(world().tenant())
      const { columns, mapping: likely, delimiter } = await client.imports.suggest({ file: messy, object: 'contact' })
      expect(delimiter).toBe(';')
      expect(likely).toMatchObject({ Surname: 'lastName', 'E-mail': 'emails', Phone: 'phones' })
      expect(columns.find(({ column }) => column === 'Born')).toMatchObject({ needs: ['dateOrder'] })

      const preview = await client.imports.preview(newContacts)
      expect(preview).toMatchObject({ rows: 3, more: false, counts: { created: 1, failed: 2 } })
      expect(await client.contacts.find()).toEqual({ items: [] })

      const run = await ended(client, await client.imports.start(newContacts))
      expect(run).toMatchObject({ kind: 'import', status: 'done', counts: { created: 1, failed: 2 } })
      const { items } = await client.contacts.find()
      expect(items).toMatchObject([{ fullName: 'Ada King', birthDate: '1815-12-10', primaryEmail: 'ada@example.com' }])

      const first = await client.imports.errors(run.id, { limit: 1 })
      const second = await client.imports.errors(run.id, { limit: 1, cursor: first.cursor as string })
      expect(first.items).toMatchObject([{ row: 3, column: 'E-mail' }])
      expect(second.items).toMatchObject([{ row: 4, column: 'Stage' }])
      expect(second.cursor).toBeUndefined()

      const undo = await ended(client, await client.imports.undo(run.id))
      expect(undo.counts).toMatchObject({ removed: 1 })
      expect((await client.contacts.find()).items).toEqual([])
      expect(await client.imports.conflicts(run.id)).toEqual({ items: [] })
    })

    test('a start answers 202 with the run, and a bad file changes nothing', async () => {
      const staff = world().staff(world().tenant())
      const started = await upload(staff, 'imports', newContacts)
      expect([started.status, started.headers.get('location')]).toEqual([202, `/api/v1/runs/${started.body.id}`])
      await ended(staff.client, started.body as unknown as Run)
      const empty = await upload(staff, 'imports', { ...newContacts, file: '' })
      expect([empty.status, empty.body.code]).toEqual([422, 'validation_failed'])
    })

    test.each<[string, object, string]>([
      ['an unknown option', { speed: 'high' }, 'speed'],
      ['an object that is none', { object: 'invoice' }, 'object'],
      ['an encoding of the wrong type', { encoding: 7 }, 'encoding'],
      ['no mapping', { mapping: undefined }, 'mapping'],
      ['a mapping that is a list', { mapping: [] }, 'mapping'],
      ['a column mapped to a number', { mapping: { Name: 7 } }, 'mapping.Name'],
      ['a column mapped to no field', { mapping: { Name: {} } }, 'mapping.Name.field'],
      ['a column with an unknown style', { mapping: { Name: { field: 'firstName', size: 1 } } }, 'mapping.Name.size'],
      [
        'words that are no texts',
        { mapping: { Name: { field: 'firstName', values: { a: 1 } } } },
        'mapping.Name.values',
      ],
      ['a column that the file has not', { mapping: { Shoe: 'firstName' } }, 'mapping.Shoe'],
      ['a mode that is none', { mode: 'guess' }, 'mode'],
      ['a key that is none', { matchOn: 'shoe' }, 'matchOn'],
    ])('bad options are named: %s', async (_, change, field) => {
      const staff = world().staff('imports-bad-options')
      const answer = await upload(staff, 'imports/preview', { ...newContacts, ...change })
      expect([answer.status, answer.body.field]).toEqual([422, field])
    })

    test('a body that is no upload is refused before the CRM is asked', async () => {
      const staff = world().staff('imports-bad-bodies')
      const json = await staff.call('POST', 'imports', newContacts)
      expect([json.status, json.body.field]).toEqual([415, 'content-type'])
      const backwards = new FormData()
      backwards.append('file', new Blob([messy]))
      backwards.append('options', '{}')
      const late = await staff.send('POST', 'imports', { body: backwards })
      expect([late.status, late.body.field]).toEqual([422, 'options'])
      const cut = await staff.send('POST', 'imports', {
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body: '--b\r\nContent-Disposition: form-data; name="options"\r\n\r\n{"object"',
      })
      expect([cut.status, cut.body.code]).toEqual([400, 'malformed_request'])
    })

    test('an upload over the limit is refused as too large, announced or not', async () => {
      const staff = world().staff('imports-too-large')
      const large = await upload(staff, 'imports', { ...newContacts, file: `${messy}\n${'x'.repeat(1_000_000)}` })
      expect([large.status, large.body.field]).toEqual([413, 'body'])
    })

    test('a visitor can send no file, and see no import', async () => {
      const tenant = world().tenant()
      const staff = world().staff(tenant)
      const run = await staff.client.imports.start(newContacts)
      await ended(staff.client, run)
      const [ada] = (await staff.client.contacts.find()).items as [Contact]
      const visitor = world().visitor(tenant, ada.id)
      for (const path of ['imports', 'imports/suggest', 'imports/preview'])
        expect((await upload(visitor, path, newContacts)).body).toMatchObject({ code: 'access_denied' })
      expect((await visitor.call('GET', `imports/${run.id}/errors`)).status).toBeGreaterThanOrEqual(403)
      expect((await visitor.call('POST', `imports/${run.id}/undo`)).status).toBeGreaterThanOrEqual(403)
    })
  })

  describe('duplicates and merges', () => {
    test('a scan finds a pair with reasons; it is merged, listed, taken back, and stays apart', async () => {
      const { client } = world().staff(world().tenant())
      const [ada, again] = await twoOfOne(client)
      expect(await ended(client, await client.duplicates.scan({ object: 'contact' }))).toMatchObject({ status: 'done' })
      const { items } = await client.duplicates.find({ object: 'contact', limit: 10 })
      expect(items.map(({ leftId, rightId }) => [leftId, rightId].sort())).toEqual([[ada.id, again.id].sort()])
      expect(items[0]?.reasons).not.toEqual([])
      expect(items[0]?.probability).toBeGreaterThan(0.95)

      const command = { survivorId: ada.id, mergedIds: [again.id] }
      const preview = await client.contacts.merge({ ...command, dryRun: true })
      expect(preview.conflicts).toContain('jobTitle')
      expect(preview).not.toHaveProperty('mergeId')
      expect((await client.contacts.find()).items).toHaveLength(2)

      const merge = await client.contacts.merge({ ...command, fields: { jobTitle: { take: again.id } } })
      expect(await client.contacts.get(ada.id)).toMatchObject({ jobTitle: 'Countess' })
      await expect(client.contacts.get(again.id)).rejects.toMatchObject({ status: 404 })
      expect(await client.contacts.resolveId(again.id)).toBe(ada.id)
      expect((await client.merges.find()).items).toMatchObject([{ id: merge.mergeId, survivorId: ada.id }])

      await client.contacts.update(ada.id, { jobTitle: 'Programmer' })
      expect(await client.contacts.unmerge(merge.mergeId, { dryRun: true })).toMatchObject({ conflicts: ['jobTitle'] })
      expect(await client.contacts.unmerge(merge.mergeId)).toMatchObject({
        restoredIds: [again.id],
        conflicts: ['jobTitle'],
      })
      expect(await client.contacts.get(again.id)).toMatchObject({ jobTitle: 'Countess' })
      expect(await client.merges.get(merge.mergeId)).toMatchObject({ status: 'unmerged' })
      expect((await client.duplicates.find()).items).toEqual([])
    })

    test('a pair that was dismissed is not proposed again', async () => {
      const { client } = world().staff(world().tenant())
      await twoOfOne(client)
      await ended(client, await client.duplicates.scan({ object: 'contact' }))
      const [pair] = (await client.duplicates.find()).items
      expect(await client.duplicates.dismiss(pair?.id as string)).toMatchObject({ status: 'dismissed' })
      await ended(client, await client.duplicates.scan({ object: 'contact' }))
      expect((await client.duplicates.find()).items).toEqual([])
      expect((await client.duplicates.find({ status: 'dismissed' })).items).toHaveLength(1)
    })

    test('companies are merged and taken back in the same way', async () => {
      const { client } = world().staff(world().tenant())
      const [one, two] = [
        await client.companies.create({ name: 'Analytical Engines' }),
        await client.companies.create({ name: 'Analytical Engines Ltd' }),
      ]
      const { mergeId } = await client.companies.merge({ survivorId: one.id, mergedIds: [two.id] })
      expect((await client.companies.find()).items.map(({ id }) => id)).toEqual([one.id])
      await client.companies.unmerge(mergeId)
      expect((await client.companies.find()).items).toHaveLength(2)
    })

    test.each<[string, string, string, unknown, number]>([
      ['a parameter that is none', 'GET', 'duplicates?size=1', undefined, 422],
      ['a status that is none', 'GET', 'duplicates?status=new', undefined, 422],
      ['a limit that is no number', 'GET', 'duplicates?limit=many', undefined, 422],
      ['a parameter twice', 'GET', 'duplicates?status=open&status=merged', undefined, 422],
      ['a forged cursor', 'GET', 'duplicates?cursor=abc', undefined, 422],
      ['a scan of tickets', 'POST', 'duplicates/scan', { object: 'ticket' }, 422],
      ['a threshold of 2', 'POST', 'duplicates/scan', { object: 'contact', threshold: 2 }, 422],
    ])('bad input is refused: %s', async (_, method, path, json, status) => {
      expect((await world().staff('bad-duplicates').call(method, path, json)).status).toBe(status)
    })

    test('a record is not merged with itself, nor with one of another tenant', async () => {
      const { client, call } = world().staff(world().tenant())
      const { client: elsewhere } = world().staff(world().tenant())
      const [ada, foreign] = [
        await client.contacts.create({ firstName: 'Ada' }),
        await elsewhere.contacts.create({ firstName: 'Ada' }),
      ]
      const self = await call('POST', `contacts/${ada.id}/merge`, { mergedIds: [ada.id] })
      expect([self.status, self.body.field]).toEqual([422, 'mergedIds.0'])
      expect((await call('POST', `contacts/${ada.id}/merge`, { mergedIds: [foreign.id] })).status).toBe(404)
      expect((await call('POST', `merges/${ada.id}/unmerge`)).status).toBe(404)
      expect((await call('POST', `merges/${ada.id}/unmerge`, { dryRun: 'yes' })).body.field).toBe('dryRun')
    })
  })

  describe('consent, suppression and privacy', () => {
    test('a consent is asked for, confirmed, proved, and revoked', async () => {
      const { client, call } = world().staff(world().tenant())
      const { id: contactId } = await client.contacts.create({ firstName: 'Ada' })
      const news = { contactId, purpose: 'newsletter', channel: 'email' } as const
      await expect(client.consents.prove(news)).rejects.toMatchObject({ status: 409, reason: 'no_statement' })
      const { token } = await client.consents.requestOptIn({ ...news, source: 'checkout' })
      expect(await client.consents.decide(news)).toMatchObject({ granted: false, reason: 'no_statement' })
      const consent = await client.consents.confirmOptIn(token)
      expect(consent).toMatchObject({ status: 'granted', doubleOptInAt: noon, source: 'checkout' })
      expect(await client.consents.confirmOptIn(token)).toEqual(consent)
      expect(await client.consents.prove({ ...news, confirmed: true })).toMatchObject({ consentId: consent.id })
      await client.consents.deny({ ...news, channel: 'phone', source: 'call' })
      expect(await client.consents.decide({ ...news, channel: 'phone' })).toMatchObject({ reason: 'denied' })
      await client.consents.revoke({ ...news, source: 'profile' })
      expect(await client.consents.decide(news)).toMatchObject({ granted: false, reason: 'revoked' })

      const unknown = await call('POST', 'consents/confirm', { token: 'guessed' })
      expect([unknown.status, unknown.text.includes('guessed')]).toEqual([404, false])
      expect((await call('POST', 'consents/decide', { ...news, purpose: 7 })).body.field).toBe('purpose')
      expect((await call('POST', 'consents/prove', { ...news, confirmed: 'yes' })).body.field).toBe('confirmed')
    })

    test('a visitor can neither ask for a token nor prove the consent of others', async () => {
      const tenant = world().tenant()
      const { client } = world().staff(tenant)
      const [ada, eve] = [
        await client.contacts.create({ firstName: 'Ada' }),
        await client.contacts.create({ firstName: 'Eve' }),
      ]
      const visitor = world().visitor(tenant, eve.id)
      const news = { contactId: ada.id, purpose: 'newsletter', channel: 'email' } as const
      await expect(visitor.client.consents.requestOptIn({ ...news, source: 'me' })).rejects.toMatchObject({
        status: 403,
      })
      const own = { ...news, contactId: eve.id, source: 'me' }
      await expect(visitor.client.consents.requestOptIn(own)).rejects.toMatchObject({ status: 403 })
      await expect(visitor.client.consents.prove(news)).rejects.toMatchObject({ code: 'access_denied' })
    })

    test('what is suppressed cannot be written, and can be let in again', async () => {
      const { client, call } = world().staff(world().tenant())
      await client.suppressions.add({ email: 'ada@example.com' }, 'requested')
      expect(await client.suppressions.isSuppressed({ email: 'Ada@Example.com' })).toBe(true)
      expect((await client.suppressions.find()).items).toMatchObject([{ kind: 'email', reason: 'requested' }])
      const input = { firstName: 'Ada', emails: [{ address: 'ada@example.com' }] }
      await expect(client.contacts.create(input)).rejects.toMatchObject({ status: 409, reason: 'suppressed' })
      expect(await client.suppressions.lift({ email: 'ada@example.com' })).toBe(true)
      expect(await client.suppressions.lift({ email: 'ada@example.com' })).toBe(false)
      await client.contacts.create(input)
      expect((await call('POST', 'suppressions', { email: 'nowhere', reason: 'requested' })).status).toBe(422)
    })

    test('everything about a person comes out line by line, and then the person is erased', async () => {
      const staff = world().staff(world().tenant())
      const { client } = staff
      const { id } = await client.contacts.create({ firstName: 'Ada', emails: [{ address: 'ada@example.com' }] })
      const lines: { kind: string }[] = []
      for await (const line of client.privacy.export(id)) lines.push(JSON.parse(line) as { kind: string })
      expect([lines[0]?.kind, lines.at(-1)?.kind]).toEqual(['header', 'end'])
      expect(JSON.stringify(lines)).toContain('ada@example.com')
      expect((await client.privacy.map()).map(({ entity }) => entity)).toContain('contact')

      const run = await client.privacy.erase(id, { mode: 'anonymise', reason: 'request of the person' })
      expect(await ended(client, run)).toMatchObject({ kind: 'privacy.erase', status: 'done' })
      expect(await client.contacts.get(id)).not.toHaveProperty('firstName')
      expect((await client.privacy.erasures.find()).items).toMatchObject([{ mode: 'anonymise' }])
      const answer = await staff.send('GET', `contacts/${id}/export`, {})
      expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
      expect(answer.text).not.toContain('ada@example.com')
    })

    test('the export of a person who is not there is a problem, and a visitor gets no more than their own', async () => {
      const tenant = world().tenant()
      const staff = world().staff(tenant)
      const [ada, eve] = [
        await staff.client.contacts.create({ firstName: 'Ada' }),
        await staff.client.contacts.create({ firstName: 'Eve' }),
      ]
      const missing = await staff.call('GET', `contacts/${crypto.randomUUID()}/export`)
      expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
      const visitor = world().visitor(tenant, eve.id)
      expect((await visitor.call('GET', `contacts/${ada.id}/export`)).status).toBe(404)
      const erase = await visitor.call('POST', `contacts/${eve.id}/erase`, { mode: 'delete', reason: 'mine' })
      expect(erase.body.code).toBe('access_denied')
    })
  })
}

/** Two records of one person, who is a countess in the second. */
async function twoOfOne(client: ApiUser['client']): Promise<[Contact, Contact]> {
  const person = {
    firstName: 'Ada',
    lastName: 'Lovelace',
    phones: [{ number: '+442079460958' }],
    birthDate: '1815-12-10',
  }
  return [
    await client.contacts.create({ ...person, jobTitle: 'Analyst', emails: [{ address: 'ada@example.com' }] }),
    await client.contacts.create({
      ...person,
      jobTitle: 'Countess',
      emails: [{ address: 'ada.lovelace@example.com' }],
    }),
  ]
}

/** The run when it has ended, as a client without push sees it. */
async function ended(client: ApiUser['client'], run: Run): Promise<Run> {
  let now = run
  while (now.status === 'queued' || now.status === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 5))
    now = await client.runs.get(run.id)
  }
  return now
}

function upload(user: ApiUser, path: string, { file, ...options }: { readonly file: string }): Promise<ApiAnswer> {
  const form = new FormData()
  form.append('options', JSON.stringify(options))
  form.append('file', new Blob([file]))
  return user.send('POST', path, { body: form })
}
