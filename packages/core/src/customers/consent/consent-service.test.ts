import { expect, test } from 'vitest'
import type { Consent } from '../../index.js'
import { memoryStorage } from '../../storage/memory/index.js'
import { createTestCrm } from '../../testing.js'

const operator = { type: 'user', id: 'u_1' } as const
const news = { purpose: 'news', channel: 'email', source: 'checkout' } as const

async function furnish() {
  const storage = memoryStorage()
  const crm = await createTestCrm({ storage })
  const shop = crm.session({ tenantId: 'acme', actor: operator })
  const ada = await shop.contacts.create({ firstName: 'Ada', emails: [{ address: 'ada@example.com' }] })
  return { storage, crm, shop, ada, asked: { contactId: ada.id, purpose: 'news', channel: 'email' } as const }
}

test('a grant that is asked for holds only when the person confirms it, and confirming twice is one statement', async () => {
  const { crm, shop, ada, asked } = await furnish()
  const { token, expiresAt } = await shop.consents.requestOptIn({ ...news, contactId: ada.id, policyVersion: 'v3' })
  expect(expiresAt).toBe('2026-03-03T10:00:00.000Z')
  expect(await shop.consents.isGranted(asked)).toBe(false)
  crm.clock.set('2026-03-03T09:59:59.999Z')
  const granted = await shop.consents.confirmOptIn(token)
  expect(granted).toMatchObject({ status: 'granted', doubleOptInAt: '2026-03-03T09:59:59.999Z', policyVersion: 'v3' })
  expect(await shop.consents.confirmOptIn(token)).toEqual(granted)
  expect(await shop.consents.count({ where: { contactId: ada.id } })).toBe(1)
  expect(await shop.consents.prove({ ...asked, confirmed: true })).toMatchObject({
    granted: true,
    consentId: granted.id,
  })
})

test('a confirmation after 48 hours, or with a token nobody was sent, is refused', async () => {
  const { crm, shop, ada, asked } = await furnish()
  const { token } = await shop.consents.requestOptIn({ ...news, contactId: ada.id })
  crm.clock.set('2026-03-03T10:00:00.000Z')
  await expect(shop.consents.confirmOptIn(token)).rejects.toMatchObject({
    code: 'rule_violated',
    details: { reason: 'expired' },
  })
  await expect(shop.consents.confirmOptIn('guessed')).rejects.toMatchObject({ code: 'not_found' })
  expect(await shop.consents.isGranted(asked)).toBe(false)
})

test('the token of a request is in no row, journal entry or error', async () => {
  const { crm, shop, ada } = await furnish()
  const { token } = await shop.consents.requestOptIn({ ...news, contactId: ada.id })
  let text = ''
  for await (const line of shop.backup()) text += line
  expect(text).toContain('consentRequest')
  expect(text).not.toContain(token)
  crm.clock.advance(72 * 3_600_000)
  const error: unknown = await shop.consents.confirmOptIn(token).catch((thrown: unknown) => thrown)
  expect(JSON.stringify(error)).not.toContain(token)
})

test('an expired consent is told from one that is not yet valid, was revoked or never given', async () => {
  const { crm, shop, ada, asked } = await furnish()
  const decided = async (at: string) => {
    const { granted, reason, consentId } = await shop.consents.decide({ ...asked, at })
    return { granted, reason, consentId }
  }
  const grant = await shop.consents.grant({
    ...news,
    contactId: ada.id,
    validFrom: '2026-04-01T00:00:00.000Z',
    validTo: '2026-05-01T00:00:00.000Z',
  })
  crm.clock.set('2026-06-01T00:00:00.000Z')
  const revocation = await shop.consents.revoke({ ...news, contactId: ada.id })
  expect([
    await decided('2026-02-01T00:00:00.000Z'),
    await decided('2026-03-15T00:00:00.000Z'),
    await decided('2026-04-30T23:59:59.999Z'),
    await decided('2026-05-01T00:00:00.000Z'),
    await decided('2026-06-01T00:00:00.000Z'),
  ]).toEqual([
    { granted: false, reason: 'no_statement', consentId: undefined },
    { granted: false, reason: 'not_yet_valid', consentId: grant.id },
    { granted: true, reason: 'granted', consentId: grant.id },
    { granted: false, reason: 'expired', consentId: grant.id },
    { granted: false, reason: 'revoked', consentId: revocation.id },
  ])
  await expect(shop.consents.prove(asked)).rejects.toMatchObject({
    code: 'rule_violated',
    details: { reason: 'revoked', id: revocation.id },
  })
})

test('of statements at the same moment the most restrictive one decides, and all of them stay as history', async () => {
  const { shop, ada, asked } = await furnish()
  const capturedAt = '2026-03-01T09:00:00.000Z'
  const said: Consent[] = []
  for (const say of ['grant', 'deny', 'revoke', 'grant'] as const)
    said.push(await shop.consents[say]({ ...news, contactId: ada.id, capturedAt }))
  expect(await shop.consents.decide(asked)).toMatchObject({ reason: 'revoked', consentId: said[2]?.id })
  const history = await shop.consents.find({ where: { contactId: ada.id } })
  expect(history.items.map(({ id }) => id).sort()).toEqual(said.map(({ id }) => id).sort())
})

test('consent of 300 contacts is decided in the statements that three take', async () => {
  const { storage, crm, shop } = await furnish()
  const ids: string[] = []
  for (let n = 0; n < 300; n++) {
    const { id } = await shop.contacts.create({ firstName: `n${n}` })
    ids.push(id)
    if (n % 3 === 0) await shop.consents.grant({ ...news, contactId: id })
  }
  let reads = 0
  const session = storage.session.bind(storage)
  storage.session = (scope) => {
    const inner = session(scope)
    const find = inner.find.bind(inner)
    const getMany = inner.getMany.bind(inner)
    inner.find = (query) => {
      reads++
      return find(query)
    }
    inner.getMany = (entity, wanted, options) => {
      reads++
      return getMany(entity, wanted, options)
    }
    return inner
  }
  const counted = crm.session({ tenantId: 'acme', actor: operator })
  const readsFor = async (wanted: readonly string[]) => {
    reads = 0
    const decisions = await counted.consents.decideMany(wanted, news)
    return { reads, granted: decisions.filter(({ granted }) => granted).map(({ contactId }) => contactId) }
  }
  const few = await readsFor(ids.slice(0, 3))
  const many = await readsFor(ids)
  expect(many.granted).toEqual(ids.filter((_, n) => n % 3 === 0))
  expect(many.reads).toBe(few.reads)
})
