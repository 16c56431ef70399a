import { expect, test } from 'vitest'
import type { Actor } from './actor.js'
import { adminRole, type Role } from './role.js'
import { createRolesCache } from './roles-cache.js'

const ada: Actor = { type: 'user', id: 'ada' }

function opened(answer: (tenantId: string, actor: Actor) => readonly Role[] | Promise<readonly Role[]> = () => []) {
  let now = 0
  const asked: string[] = []
  const cache = createRolesCache(
    (tenantId, actor) => {
      asked.push(`${tenantId}/${actor.type}/${actor.id}`)
      return answer(tenantId, actor)
    },
    { now: () => now },
  )
  return {
    cache,
    asked,
    advance: (ms: number) => {
      now += ms
    },
  }
}

test('asks once per tenant and actor, also while the first answer is awaited', async () => {
  const { cache, asked } = opened(async () => [adminRole])
  const [first, second] = await Promise.all([cache.contextFor('acme', ada), cache.contextFor('acme', ada)])
  expect(first).toBe(second)
  expect(first.roles).toEqual([adminRole])
  await cache.contextFor('other', ada)
  await cache.contextFor('acme', { ...ada, type: 'agent' })
  await cache.contextFor('acme', { ...ada, via: 'import' })
  expect(asked).toEqual(['acme/user/ada', 'other/user/ada', 'acme/agent/ada', 'acme/user/ada'])
})

test('tells actors apart whose ids and tenants only look alike when joined', async () => {
  const { cache, asked } = opened()
  await cache.contextFor('a', { type: 'user', id: 'b,c' })
  await cache.contextFor('a,b', { type: 'user', id: 'c' })
  await cache.contextFor('a', { type: 'user', id: 'b', teamIds: ['c'] })
  await cache.contextFor('a', { type: 'user', id: 'b', companyId: 'c' })
  expect(asked).toHaveLength(4)
})

test('decides by the teams and company of the session at hand', async () => {
  const { cache } = opened(() => [])
  const one = await cache.contextFor('acme', { ...ada, teamIds: ['t1'] })
  const two = await cache.contextFor('acme', { ...ada, teamIds: ['t2'] })
  expect([one.actor.teamIds, two.actor.teamIds]).toEqual([['t1'], ['t2']])
})

test('asks again after half a minute, not before', async () => {
  const { cache, asked, advance } = opened()
  await cache.contextFor('acme', ada)
  advance(29_999)
  await cache.contextFor('acme', ada)
  expect(asked).toHaveLength(1)
  advance(1)
  await cache.contextFor('acme', ada)
  expect(asked).toHaveLength(2)
})

test('does not keep an answer that failed, nor lets it rob the next one', async () => {
  let failing = true
  const { cache, asked } = opened(async () => {
    if (failing) throw new Error('directory is down')
    return [adminRole]
  })
  await expect(cache.contextFor('acme', ada)).rejects.toThrow('directory is down')
  failing = false
  expect((await cache.contextFor('acme', ada)).roles).toEqual([adminRole])
  await cache.contextFor('acme', ada)
  expect(asked).toHaveLength(2)
})

test('a callback that throws at once is a rejection like any other', async () => {
  const { cache } = opened(() => {
    throw new Error('broken')
  })
  await expect(cache.contextFor('acme', ada)).rejects.toThrow('broken')
})

test('forgets one tenant, or all', async () => {
  const { cache, asked } = opened()
  await cache.contextFor('acme', ada)
  await cache.contextFor('other', ada)
  cache.forget('acme')
  await cache.contextFor('acme', ada)
  await cache.contextFor('other', ada)
  expect(asked).toEqual(['acme/user/ada', 'other/user/ada', 'acme/user/ada'])
  cache.forget()
  await cache.contextFor('other', ada)
  expect(asked).toHaveLength(4)
})

test('keeps at most 10,000 answers: the one asked for longest ago goes first', async () => {
  const { cache, asked } = opened()
  for (let index = 0; index <= 10_000; index++) await cache.contextFor('acme', { type: 'user', id: String(index) })
  await cache.contextFor('acme', { type: 'user', id: '10000' })
  await cache.contextFor('acme', { type: 'user', id: '1' })
  expect(asked).toHaveLength(10_001)
  await cache.contextFor('acme', { type: 'user', id: '0' })
  expect(asked).toHaveLength(10_002)
})
