import { expect, test } from 'vitest'
import type { CrmSession } from '../index.js'
import { createTestCrm, testRandom } from '../testing.js'
import { allRows, mark, marksIn, openMarkedShop, operator, tenantId } from './marked-person.fixture.js'

interface Line {
  readonly kind: string
  readonly entity?: string
  readonly record?: Readonly<Record<string, unknown>>
  readonly records?: number
  readonly omitted?: readonly string[]
}

async function exported(shop: CrmSession, contactId: string): Promise<Line[]> {
  const lines: Line[] = []
  for await (const line of shop.privacy.export(contactId)) lines.push(JSON.parse(line) as Line)
  return lines
}

const entitiesOf = (lines: readonly Line[]): string[] => [
  ...new Set(lines.flatMap(({ kind, entity }) => (kind === 'record' && entity ? [entity] : []))),
]

test('the map of personal data follows from the flags, custom fields among them', async () => {
  const { shop } = await openMarkedShop()
  const map = new Map((await shop.privacy.map()).map((entry) => [entry.entity, entry]))
  expect(map.get('contact')?.fields).toEqual(
    expect.arrayContaining(['emails', 'primaryEmail', 'scores.clv.probabilityAlive', 'custom.nickname']),
  )
  expect(map.get('contact')?.fields).not.toContain('custom.shirtSize')
  expect(map.get('message')).toEqual({ entity: 'message', fields: ['body'], heldBy: ['contactId'] })
  expect(map.get('activity')?.heldBy).toEqual(['links'])
  expect(map.has('company')).toBe(false)
})

test('an export holds everything about the contact, its history too, and nothing of others', async () => {
  const { shop, person } = await openMarkedShop()
  const lines = await exported(shop, person.contactId)
  expect(lines[0]).toMatchObject({ kind: 'header', contactId: person.contactId, omitted: [] })
  expect(lines.at(-1)).toEqual({ kind: 'end', records: lines.filter(({ kind }) => kind === 'record').length })
  expect(entitiesOf(lines).sort()).toEqual(
    [
      ...['activity', 'association', 'consent', 'consentRequest', 'contact', 'contactPoint', 'conversation'],
      ...['behaviourEvent', 'externalData', 'externalRef', 'message', 'order', 'score', 'ticket', 'timelineEntry'],
      ...['visitor', 'visitorConsent'],
    ].sort(),
  )
  const text = JSON.stringify(lines)
  for (const planted of [`Nick ${mark}`, `Old.${mark}@example.com`, `internal: ${mark}`, `On the ticket: ${mark}`])
    expect(text).toContain(planted)
  expect(text).not.toContain('bob@example.com')
  expect(text).not.toContain('journalHash')
})

test('an export holds only what the actor may read, and says which entities are missing', async () => {
  const { storage, person } = await openMarkedShop()
  const crm = await createTestCrm({
    storage: Object.assign(storage, { open: async () => {} }),
    random: testRandom(2),
    roles: () => [
      { key: 'sales', rights: { contact: { read: 'all', hiddenFields: ['birthDate'] }, order: { read: 'all' } } },
    ],
  })
  const lines = await exported(crm.session({ tenantId, actor: operator }), person.contactId)
  expect(entitiesOf(lines)).toEqual(['contact', 'order'])
  expect(lines[0]?.omitted).toContain('ticket')
  expect(JSON.stringify(lines)).not.toContain('1907-12-09')
})

test('after an erasure an export finds nothing of the person', async () => {
  const { shop, person } = await openMarkedShop()
  const run = await shop.privacy.erase(person.contactId, { mode: 'anonymise', reason: 'request' })
  await shop.runs.wait(run.id)
  const lines = await exported(shop, person.contactId)
  expect(entitiesOf(lines)).toContain('order')
  expect(JSON.stringify(lines).toLowerCase()).not.toContain(mark)
})

test('erasing a contact erases those merged into it, and the pre-images that could bring them back', async () => {
  const { storage, shop, person } = await openMarkedShop()
  const other = await shop.contacts.create({ firstName: 'Twin', emails: [{ address: `twin.${mark}@example.com` }] })
  const merged = await shop.contacts.merge({ survivorId: other.id, mergedIds: [person.contactId] })
  const run = await shop.privacy.erase(other.id, { mode: 'anonymise', reason: 'request' })
  expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done' })
  expect(marksIn(await allRows(storage, tenantId))).toEqual([])
  await expect(shop.contacts.unmerge(merged.mergeId)).rejects.toMatchObject({
    code: 'rule_violated',
    details: { reason: 'erased' },
  })
})

test('an erasure without an id is refused by its name', async () => {
  const { shop } = await openMarkedShop()
  for (const id of [undefined, ''] as unknown as string[]) {
    await expect(shop.privacy.erase(id, { mode: 'delete', reason: 'asked for it' })).rejects.toMatchObject({
      code: 'validation_failed',
      details: { field: 'contactId' },
    })
  }
})

test('a contact that is being merged is not erased meanwhile', async () => {
  const { storage, shop, person } = await openMarkedShop()
  const other = await shop.contacts.create({ firstName: 'Twin' })
  const { mergeId } = await shop.contacts.merge({ survivorId: other.id, mergedIds: [person.contactId] })
  const session = storage.session({ tenantId })
  await session.write([{ do: 'patch', entity: 'mergeRecord', id: mergeId, set: { status: 'moving' } }])
  for (const id of [other.id, person.contactId])
    await expect(shop.privacy.erase(id, { mode: 'delete', reason: 'request' })).rejects.toMatchObject({
      code: 'conflict',
      details: { reason: 'merging', id: mergeId },
    })
})
