import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCrm } from '../../create-crm.js'
import type { Crm } from '../../crm.js'
import type { CrmSession } from '../../crm-session.js'
import { memoryStorage } from '../../storage/memory/index.js'
import { testClock, testRandom } from '../../testing.js'
import { type Score, type ScoreModel, scoreModels } from './score-entity.js'

const customers = 120
const asOf = '2026-02-28'

let crm: Crm
let shop: CrmSession
let contactIds: string[]

beforeEach(async () => {
  crm = await createCrm({ storage: memoryStorage(), clock: testClock(), random: testRandom() })
  shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  const reports = await shop.contacts.upsertMany(
    Array.from({ length: customers + 2 }, (_, index) => ({
      externalRef: { system: 'shop', externalId: `${index}` },
      firstName: `Customer ${index}`,
    })),
  )
  contactIds = reports.map((report) => ('id' in report ? report.id : ''))
  // The last two bought nothing. Whoever has tea has a pot too, but for every tenth.
  await shop.orders.recordMany(
    contactIds.slice(0, customers).flatMap((contactId, index) =>
      Array.from({ length: 1 + (index % 4) }, (_, time) => ({
        contactId,
        placedAt: new Date(Date.UTC(2025, 7, 1 + ((index * 7 + time * 41) % 205))).toISOString(),
        total: { amountMinor: 1_000 + ((index * 37 + time * 91) % 500), currency: 'EUR' },
        items:
          time > 0
            ? []
            : [{ sku: 'T-1', name: 'Tea', quantity: 1 }, ...(index % 10 === 0 ? [] : [{ name: 'Pot', quantity: 1 }])],
      })),
    ),
  )
})
afterEach(() => crm.close())

async function refresh(models: readonly ScoreModel[], day = asOf): Promise<Readonly<Record<string, unknown>>> {
  const run = await shop.runs.wait((await shop.scores.refresh(models, { asOf: day })).id)
  expect(run.status).toBe('done')
  return { ...run.result, progress: run.progress }
}

async function scoreOf(index: number, model: ScoreModel): Promise<Score | undefined> {
  const scores = await shop.scores.of({ type: 'contact', id: contactIds[index] as string })
  return scores.find((score) => score.model === model)
}

describe('a refresh of all models', () => {
  it('gives each customer a score by each, with version, parameters, reasons and moment', async () => {
    const result = await refresh(scoreModels)
    const scores = await shop.scores.of({ type: 'contact', id: contactIds[10] as string })
    // Nobody here has a visitor, so there is no behaviour to score.
    expect(scores.map(({ model }) => model)).toEqual(scoreModels.filter((model) => model !== 'engagement').toSorted())
    expect(result.engagement).toEqual({ contacts: 0, events: 0 })
    for (const score of scores) {
      expect(score).toMatchObject({ modelVersion: '1', asOf: '2026-02-28T23:59:59.999Z' })
      if (score.model !== 'clv') expect(score.label).toEqual(expect.any(String))
      expect(Object.keys(score.parameters)).not.toEqual([])
      for (const { what, effect, evidence } of score.reasons) {
        expect(what).toMatch(/^[a-z]+(_[a-z]+)*$/)
        expect(['raises', 'lowers', 'neutral']).toContain(effect)
        expect(evidence).toEqual(expect.any(Object))
      }
    }
    expect(result).toMatchObject({
      customers,
      progress: { done: customers + 2, total: customers + 2 },
      contactsWithoutPurchase: 2,
      churn: { low: expect.any(Number), medium: expect.any(Number), high: expect.any(Number) },
    })
    const total = (counts: unknown): number =>
      (Object.values(counts as object).flat() as number[]).reduce((sum, count) => sum + count, 0)
    expect([total(result.churn), total(result.relationship)]).toEqual([customers, customers])
    const cells = (result.rfmMatrix as { customers: number; segment?: string }[][]).flat()
    expect(cells).toHaveLength(25)
    expect(cells.reduce((sum, cell) => sum + cell.customers, 0)).toBe(customers)
    expect(cells.every((cell) => cell.customers > 0 === (cell.segment !== undefined))).toBe(true)
    const deciles = result.lifetimeValueDeciles as { customers: number; valueMinor: number }[]
    expect(deciles).toHaveLength(10)
    expect(deciles.reduce((sum, { valueMinor }) => sum + valueMinor, 0)).toBe(result.lifetimeValueMinor)
  })

  it('the lifetime value has limits only where the model converged', async () => {
    const { mbgNbd } = (await refresh(['clv'])) as { mbgNbd: { status: string } }
    expect(mbgNbd.status).toBe('boundary')
    expect(await scoreOf(5, 'clv')).not.toHaveProperty('interval')
  })

  it('who has tea and no pot is offered the pot, by the names of the shop', async () => {
    await refresh(['next_purchase'])
    expect(await scoreOf(20, 'next_purchase')).toMatchObject({
      label: 'Pot',
      reasons: [{ what: 'bought_together', evidence: { owned: 'T-1', count: 108 } }],
    })
    expect(await scoreOf(21, 'next_purchase')).toBeUndefined()
  })

  it('a second time doubles nothing and moves nobody', async () => {
    await refresh(scoreModels)
    const before = await scoreOf(7, 'relationship')
    await refresh(scoreModels)
    const after = await scoreOf(7, 'relationship')
    expect([after?.id, after?.label]).toEqual([before?.id, before?.label])
  })
})

describe('the relationship', () => {
  it('of a contact who bought nothing is identified, and acquired once something happened', async () => {
    const links = [{ type: 'contact', id: contactIds[customers] as string }] as const
    await shop.activities.log({ type: 'call', links: [...links], occurredAt: '2026-02-01T10:00:00.000Z' })
    await refresh(['relationship'])
    expect(await scoreOf(customers, 'relationship')).toMatchObject({
      label: 'acquire',
      reasons: [{ what: 'engaged_without_purchase' }],
    })
    expect(await scoreOf(customers + 1, 'relationship')).toMatchObject({
      label: 'identify',
      value: 1,
      reasons: [{ what: 'known_without_purchase' }],
    })
  })

  it('remembers the stage before, unless that is of a later moment', async () => {
    await refresh(['relationship'], '2026-01-31')
    const january = await scoreOf(3, 'relationship')
    await refresh(['relationship'], '2026-02-28')
    expect((await scoreOf(3, 'relationship'))?.parameters.previous).toBe(january?.label)
    await refresh(['relationship'], '2026-01-31')
    expect((await scoreOf(3, 'relationship'))?.parameters).not.toHaveProperty('previous')
  })

  it('is scored in a shop without any order', async () => {
    const other = crm.session({ tenantId: 'empty', actor: { type: 'user', id: 'u_1' } })
    const { id } = await other.contacts.create({ firstName: 'Eve' })
    const run = await other.scores.refresh(scoreModels, { asOf })
    expect(await other.runs.wait(run.id)).toMatchObject({ status: 'done', result: { customers: 0, orders: 0 } })
    expect((await other.scores.of({ type: 'contact', id })).map(({ label }) => label)).toEqual(['identify'])
  })
})
