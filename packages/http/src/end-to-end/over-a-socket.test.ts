import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTestCrm, type TestClock } from '@rapport/core/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRapportClient, type RapportClient } from '../client/index.js'
import { createHttpHandler } from '../create-http-handler.js'
import { toNodeListener } from '../node/index.js'
import { bearerAuthentication, mintToken } from '../tokens/index.js'

const key = 'a secret of at least thirty-two bytes'
let server: Server
let baseUrl: string
let client: RapportClient
let clock: TestClock
let close: () => Promise<void>

beforeAll(async () => {
  const crm = await createTestCrm()
  clock = crm.clock
  const api = createHttpHandler(crm, { authenticate: bearerAuthentication({ key, clock }), origins: [], clock })
  server = createServer(toNodeListener(api))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`
  const actor = { type: 'user', id: 'u_7' } as const
  client = createRapportClient({
    baseUrl,
    getToken: () => mintToken({ key, tenantId: 'acme', actor, now: clock.now() }),
  })
  close = () => crm.close()
})

afterAll(async () => {
  server.close().closeAllConnections()
  await close()
})

test('the client talks to the handler over a real socket', async () => {
  const contact = await client.contacts.create({ firstName: 'Ada 爱达', emails: [{ address: 'ada@example.com' }] })
  expect(await client.contacts.get(contact.id)).toEqual(contact)
  expect((await client.contacts.find({ where: { firstName: { prefix: 'Ada' } } })).items).toEqual([contact])
  await client.contacts.delete(contact.id)
  await expect(client.contacts.get(contact.id)).rejects.toMatchObject({ code: 'not_found', status: 404 })
})

test('an expired token is replaced without the caller noticing', async () => {
  await client.me()
  clock.advance(700_000)
  expect(await client.me()).toMatchObject({ tenantId: 'acme' })
})

test('a body over the limit is 413 while the rest of it is still coming', async () => {
  const name = 'x'.repeat(900_000)
  await expect(client.contacts.create({ firstName: name })).rejects.toMatchObject({
    code: 'payload_too_large',
    status: 413,
  })
})

test('nobody gets in without a token', async () => {
  const response = await fetch(`${baseUrl}/contacts`)
  expect(response.status).toBe(401)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
})
