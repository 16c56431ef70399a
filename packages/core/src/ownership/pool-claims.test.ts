import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CrmSession } from '../crm-session.js'
import { isCrmError } from '../kernel/crm-error.js'
import { memoryStorage } from '../storage/memory/index.js'
import type { StorageAdapter } from '../storage/storage-adapter.js'
import { createTestCrm } from '../testing.js'

/** Memory whose calls end in the order that a scheduler chooses, so that commands come between each other's reads and writes. */
function shuffledStorage(): { readonly storage: StorageAdapter; by: fc.Scheduler | undefined } {
  const storage = memoryStorage()
  const shuffled: ReturnType<typeof shuffledStorage> = { storage, by: undefined }
  const open = storage.session.bind(storage)
  const delayed = new Set(['getMany', 'find', 'write', 'aggregate'])
  storage.session = (scope) =>
    new Proxy(open(scope), {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver)
        if (typeof member !== 'function') return member
        return async (...args: unknown[]) => {
          if (delayed.has(String(name))) await shuffled.by?.schedule(Promise.resolve(), String(name))
          return member.apply(target, args) as unknown
        }
      },
    })
  return shuffled
}

const [records, maxOwned, maxClaimsPerDay] = [5, 2, 3]

test('whatever order claims and releases come in, a record has one owner at most and no member exceeds a limit', async () => {
  const shuffled = shuffledStorage()
  await using crm = await createTestCrm({ storage: shuffled.storage })
  let tenants = 0
  const command = fc.record({
    member: fc.constantFrom('u_1', 'u_2'),
    record: fc.nat({ max: records - 1 }),
    what: fc.constantFrom('claim', 'claim', 'claim', 'release'),
  })
  const commands = fc.array(command, { minLength: 4, maxLength: 14 })
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), commands, async (scheduler, asked) => {
      const tenantId = `acme ${++tenants}`
      const session = (id: string): CrmSession => crm.session({ tenantId, actor: { type: 'user', id } })
      const lead = session('lead')
      await lead.pool.policies.create({ object: 'contact', maxOwned, maxClaimsPerDay })
      const ids: string[] = []
      for (let index = 0; index < records; index++) ids.push((await lead.contacts.create({ firstName: 'Free' })).id)
      const claims = new Map<string, number>()
      const work = asked.map(async ({ member, record, what }) => {
        const id = ids[record] as string
        try {
          if (what === 'release') await session(member).pool.release(id, 'no answer')
          else {
            await session(member).pool.claim(id)
            claims.set(member, (claims.get(member) ?? 0) + 1)
          }
        } catch (error) {
          if (!isCrmError(error, 'conflict') && !isCrmError(error, 'rule_violated')) throw error
        }
      })
      shuffled.by = scheduler
      await scheduler.waitFor(Promise.all(work)).finally(() => {
        shuffled.by = undefined
      })

      for (const [member, count] of claims) expect(count, member).toBeLessThanOrEqual(maxClaimsPerDay)
      let claimed = 0
      const owned = new Map<string, number>()
      for (const id of ids) {
        const { ownerId } = await lead.contacts.get(id)
        if (ownerId !== undefined) owned.set(ownerId, (owned.get(ownerId) ?? 0) + 1)
        const { items } = await lead.contacts.history(id)
        const changes = items.flatMap((entry) => entry.changes.filter(({ field }) => field === 'ownerId'))
        // Newest first: an owner follows nobody, and nobody follows an owner.
        for (const [index, { before, after }] of changes.entries()) {
          expect([before, after].filter((owner) => owner !== undefined)).toHaveLength(1)
          if (index > 0) expect(changes[index - 1]?.before).toBe(after)
        }
        claimed += changes.filter(({ after }) => after !== undefined).length
      }
      expect(claimed).toBe([...claims.values()].reduce((sum, count) => sum + count, 0))
      for (const [member, count] of owned) expect(count, member).toBeLessThanOrEqual(maxOwned)
    }),
    { numRuns: 40 },
  )
})
