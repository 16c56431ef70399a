import { describe, expect, test } from 'vitest'
import { fakeHandler, recordId } from './fake-crm.fixture.js'
import { createCursorSealer } from './sealed-cursor.js'

const inner = JSON.stringify(['ada@example.com', recordId])
const key = Uint8Array.from({ length: 32 }, (_, index) => index)
const scope = { tenantId: 'acme', list: 'contacts' }

describe('a sealed cursor', () => {
  test('opens to what was sealed, for the same tenant and list, in every process with the key', async () => {
    const sealed = await createCursorSealer(key).seal(inner, scope)
    expect(await createCursorSealer(key).open(sealed, scope)).toBe(inner)
  })

  test('shows nothing of what is inside', async () => {
    const sealed = await createCursorSealer(key).seal(inner, scope)
    expect(sealed).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(atob(sealed.replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('ada')
  })

  test('is stable, so that the tag of a list is', async () => {
    const sealer = createCursorSealer(key)
    expect(await sealer.seal(inner, scope)).toBe(await sealer.seal(inner, scope))
    expect(await sealer.seal(inner, scope)).not.toBe(await sealer.seal(`${inner} `, scope))
  })

  test.each([
    ['another tenant', { tenantId: 'other', list: 'contacts' }],
    ['another list', { tenantId: 'acme', list: 'orders' }],
    ['names that only join to the same text', { tenantId: 'acme"', list: ',contacts' }],
  ])('does not open for %s', async (_, other) => {
    const sealer = createCursorSealer(key)
    const sealed = await sealer.seal(inner, scope)
    await expect(sealer.open(sealed, other)).rejects.toMatchObject({ code: 'validation_failed' })
  })

  test('does not open with another key, and every process without one has its own', async () => {
    const sealed = await createCursorSealer(undefined).seal(inner, scope)
    await expect(createCursorSealer(undefined).open(sealed, scope)).rejects.toMatchObject({ code: 'validation_failed' })
  })

  test('does not open when any byte is changed or missing', async () => {
    const sealer = createCursorSealer(key)
    const sealed = await sealer.seal(inner, scope)
    for (let index = 0; index < sealed.length - 1; index++) {
      const forged = sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1)
      await expect(sealer.open(forged, scope)).rejects.toMatchObject({ code: 'validation_failed' })
    }
    await expect(sealer.open(sealed.slice(0, -4), scope)).rejects.toMatchObject({ code: 'validation_failed' })
  })
})

describe('cursors on the wire', () => {
  const pages = {
    'contacts.find': (query: unknown) =>
      (query as { cursor?: string }).cursor === inner ? { items: [{ id: 'last' }] } : { items: [], cursor: inner },
  }

  test('lead from page to page, from GET to query and back', async () => {
    const { send, calls } = fakeHandler(pages)
    const { cursor } = (await (await send('GET', 'contacts')).json()) as { cursor: string }
    expect(cursor).not.toContain('ada')
    const next = await send('POST', 'contacts/query', { json: { cursor } })
    expect(await next.json()).toEqual({ items: [{ id: 'last' }] })
    expect((await send('GET', `contacts?cursor=${cursor}`)).status).toBe(200)
    expect(calls.map((call) => (call.args[0] as { cursor?: string }).cursor)).toEqual([undefined, inner, inner])
  })

  test.each([inner, 'AAAA', '', '%00', 'x'.repeat(100_000)])(
    'a forged one is 422 and never reaches the CRM',
    async (cursor) => {
      const { send, calls } = fakeHandler(pages)
      const response = await send('POST', 'contacts/query', { json: { cursor } })
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({ code: 'validation_failed', field: 'cursor' })
      expect((await send('GET', `contacts?cursor=${encodeURIComponent(cursor)}`)).status).toBe(422)
      expect(calls).toEqual([])
    },
  )

  test.each([7, null, {}, ['a']])('a cursor that is no text is 422: %j', async (cursor) => {
    expect((await fakeHandler(pages).send('POST', 'contacts/query', { json: { cursor } })).status).toBe(422)
  })

  test('of a timeline come from the view and from the timeline alike', async () => {
    const { send, calls } = fakeHandler({
      'contacts.view360': () => ({ contact: {}, timeline: { items: [], cursor: inner } }),
      'timeline.of': () => ({ items: [] }),
    })
    const view = (await (await send('GET', `contacts/${recordId}/view360`)).json()) as { timeline: { cursor: string } }
    expect(view.timeline.cursor).not.toBe(inner)
    await send('GET', `contacts/${recordId}/timeline?limit=5&cursor=${view.timeline.cursor}`)
    expect(calls[1]?.args).toEqual([
      { type: 'contact', id: recordId },
      { limit: 5, cursor: inner },
    ])
  })
})
