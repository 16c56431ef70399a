import type { Actor } from '@rapport/core'
import { expect, test } from 'vitest'
import type { Answer } from './answer.js'
import { failing, fakeHandler, recordId } from './fake-crm.fixture.js'
import { createIdempotencyStore } from './idempotency.js'

const key = { 'idempotency-key': '5f0c2a54-8a43-4a1e-9d8e-1f5b0f7c1d11' }

test('a repeated request gives the same answer and runs once', async () => {
  let count = 0
  const { send, calls } = fakeHandler({ 'contacts.create': () => ({ id: recordId, version: ++count }) })
  const first = await send('POST', 'contacts', { json: { firstName: 'Ada' }, headers: key })
  const again = await send('POST', 'contacts', { json: { firstName: 'Ada' }, headers: key })
  expect([first.status, again.status]).toEqual([201, 201])
  expect(await again.text()).toBe(await first.text())
  expect(again.headers.get('location')).toBe(first.headers.get('location'))
  expect(first.headers.has('idempotent-replayed')).toBe(false)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(calls).toHaveLength(1)
})

test('without a key every request runs', async () => {
  const { send, calls } = fakeHandler()
  await send('POST', 'contacts', { json: {} })
  await send('POST', 'contacts', { json: {} })
  expect(calls).toHaveLength(2)
})

test('the same key with another body is a conflict', async () => {
  const { send, calls } = fakeHandler()
  await send('POST', 'contacts', { json: { firstName: 'Ada' }, headers: key })
  const response = await send('POST', 'contacts', { json: { firstName: 'Eve' }, headers: key })
  expect(response.status).toBe(409)
  expect(await response.json()).toMatchObject({ code: 'conflict', field: 'idempotency-key', reason: 'idempotency' })
  expect(calls).toHaveLength(1)
})

test('a duplicate that arrives during the first waits for it', async () => {
  let release = (): void => {}
  const gate = new Promise<void>((resolve) => (release = resolve))
  const { send, calls } = fakeHandler({ 'orders.record': () => gate.then(() => ({ id: recordId, version: 1 })) })
  const both = [1, 2, 3].map(() => send('POST', 'orders', { json: { a: 1 }, headers: key }))
  await new Promise((resolve) => setTimeout(resolve, 20))
  release()
  const responses = await Promise.all(both)
  expect(responses.map((response) => response.status)).toEqual([201, 201, 201])
  expect(calls).toHaveLength(1)
})

test('what failed may be tried again with its key', async () => {
  let attempts = 0
  const { send } = fakeHandler({
    'orders.record': () => (attempts++ === 0 ? failing('storage_failed', 'down')() : { id: recordId, version: 1 }),
  })
  expect((await send('POST', 'orders', { json: {}, headers: key })).status).toBe(503)
  expect((await send('POST', 'orders', { json: {}, headers: key })).status).toBe(201)
  expect(attempts).toBe(2)
})

test('a duplicate that waited for a failure runs by itself', async () => {
  let attempts = 0
  const { send } = fakeHandler({
    'orders.record': async () => {
      const attempt = ++attempts
      await new Promise((resolve) => setTimeout(resolve, 10))
      return attempt === 1 ? failing('storage_failed', 'down')() : { id: recordId, version: attempt }
    },
  })
  const responses = await Promise.all([1, 2, 3].map(() => send('POST', 'orders', { json: {}, headers: key })))
  expect(responses.map((response) => response.status)).toEqual([503, 201, 201])
  expect(attempts).toBe(2)
})

test('keys belong to a tenant, an actor and a route', async () => {
  let caller: { tenantId: string; actor: Actor } = { tenantId: 'a', actor: { type: 'user', id: '1' } }
  const { send, calls } = fakeHandler({}, { authenticate: () => caller })
  const repeat = async (path: string): Promise<void> => void (await send('POST', path, { json: {}, headers: key }))
  await repeat('contacts')
  caller = { tenantId: 'b', actor: { type: 'user', id: '1' } }
  await repeat('contacts')
  caller = { tenantId: 'a', actor: { type: 'contact', id: '1' } }
  await repeat('contacts')
  caller = { tenantId: 'a', actor: { type: 'user', id: '1' } }
  await repeat('companies')
  await repeat(`tickets/${recordId}/assign`)
  await repeat(`tickets/${recordId.replace(/1$/, '2')}/assign`)
  expect(calls).toHaveLength(6)
})

test.each(['', 'a b', 'é', 'x'.repeat(256)])('the key %j cannot be read', async (bad) => {
  const { send, calls } = fakeHandler()
  const response = await send('POST', 'contacts', { json: {}, headers: { 'idempotency-key': bad } })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ field: 'idempotency-key' })
  expect(calls).toEqual([])
})

test('memory is bounded by number and by size; the oldest are forgotten', async () => {
  const runs: string[] = []
  const answer = (body: string): Answer => ({ status: 201, headers: {}, body })
  const byNumber = createIdempotencyStore({ maxAnswers: 2 })
  const use = (store: typeof byNumber, name: string, body = name): Promise<Answer> =>
    store.once(name, '', async () => {
      runs.push(name)
      return answer(body)
    })
  for (const name of ['a', 'b', 'c', 'c', 'b', 'a']) await use(byNumber, name)
  expect(runs).toEqual(['a', 'b', 'c', 'a'])

  runs.length = 0
  const bySize = createIdempotencyStore({ maxCharacters: 250 })
  for (const name of ['a', 'b', 'c', 'c', 'b', 'a']) await use(bySize, name, 'x'.repeat(100))
  expect(runs).toEqual(['a', 'b', 'c', 'a'])
})
