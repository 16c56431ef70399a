import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCrm } from '../../create-crm.js'
import type { Crm } from '../../crm.js'
import { CrmError } from '../../kernel/crm-error.js'
import { memoryStorage } from '../../storage/memory/index.js'
import type { StorageAdapter, StorageSession } from '../../storage/storage-adapter.js'
import { createTestCrm, testClock, testRandom } from '../../testing.js'

const staff = { type: 'user', id: 'u_7' } as const
const tenant = { tenantId: 'acme', actor: staff }
const mapping = { Mail: 'email', First: 'firstName', Tags: 'tags', Phone: 'phones' } as const
const people = fc.constantFrom('ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal')
const word = fc.constantFrom('', 'x', 'y z', '王伟', 'ß')
const phone = fc.constantFrom('', '+44 20 7946 0018', '010-12345678')
const rowOf = fc.record({ mail: people, first: word, tags: word, phone, bad: fc.integer({ min: 0, max: 9 }) })

function csvOf(rows: readonly { mail: string; first: string; tags: string; phone: string; bad: number }[]): string {
  const lines = rows.map(({ mail, first, tags, phone: number, bad }) =>
    [bad === 0 ? 'no address' : `${mail}@example.com`, first, tags, number].join(','),
  )
  return ['Mail,First,Tags,Phone', ...lines].join('\n')
}

/** What people see of all contacts; what merely counts changes is left out. */
async function contactsOf(crm: Crm): Promise<unknown[]> {
  const seen: unknown[] = []
  for await (const contact of crm.session(tenant).contacts.each({ orderBy: ['primaryEmail', 'id'] })) {
    const { version: _v, updatedAt: _a, updatedBy: _b, ...rest } = contact
    seen.push(rest)
  }
  return seen
}

test('an import and its undo together change nothing, whatever is there and whatever the file says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(people, { maxLength: 4 }),
      fc.array(rowOf, { minLength: 1, maxLength: 12 }),
      fc.constantFrom('add' as const, 'replace' as const),
      fc.constantFrom('keep' as const, 'clear' as const),
      async (present, rows, lists, empty) => {
        await using crm = await createTestCrm()
        const shop = crm.session(tenant)
        for (const name of present) {
          const emails = [{ address: `${name}@example.com` }]
          await shop.contacts.create({ firstName: name, emails, tags: ['x'], phones: [{ number: '12345' }] })
        }
        const before = await contactsOf(crm)
        const options = { file: csvOf(rows), object: 'contact', mapping, matchOn: 'email', lists, empty }
        const run = await shop.runs.wait((await shop.imports.start(options)).id)
        expect(run.status).toBe('done')
        const undo = await shop.runs.wait((await shop.imports.undo(run.id)).id)
        expect(undo.status).toBe('done')
        expect(await contactsOf(crm)).toEqual(before)
        for await (const conflict of shop.imports.conflicts(run.id)) expect(conflict).toBeUndefined()
      },
    ),
    { numRuns: 25 },
  )
}, 60_000)

describe('an import that is interrupted', () => {
  const rows = Array.from({ length: 60 }, (_, index) => `p${index % 7}@example.com,First${index},t${index % 3},`)
  const options = {
    file: ['Mail,First,Tags,Phone', ...rows, 'no address,,,'].join('\n'),
    object: 'contact',
    mapping,
    matchOn: 'email',
  } as const

  test.each(['the batch was not written', 'the batch was written and nobody heard'] as const)(
    'at any write, when %s, goes on in another process and doubles nothing',
    async (way) => {
      const whole = await imported(Number.POSITIVE_INFINITY, way)
      expect(whole.counts).toEqual({ created: 7, updated: 53, unchanged: 0, skipped: 0, failed: 1 })
      expect(whole.writes).toBeGreaterThan(20)
      for (let after = 0; after <= whole.writes; after++) {
        const { counts, contacts } = await imported(after, way)
        expect(counts, `after ${after} writes`).toEqual(whole.counts)
        expect(contacts, `after ${after} writes`).toEqual(whole.contacts)
      }
    },
    60_000,
  )

  test('at any write, with two batches under way, doubles nothing and counts every row', async () => {
    // Three batches; people of the first ones come again in the later ones.
    const lines = Array.from({ length: 2_100 }, (_, index) =>
      index % 60 === 0 ? `p${(index / 60) % 20}@example.com,First${index},t,` : ',,t,',
    )
    const file = ['Mail,First,Tags,Phone', ...lines].join('\n')
    const whole = await imported(Number.POSITIVE_INFINITY, 'nobody heard', file)
    expect(whole.counts).toEqual({ created: 20, updated: 15, unchanged: 0, skipped: 0, failed: 2_065 })
    for (let after = 4; after <= whole.writes; after++) {
      const { counts, contacts } = await imported(after, 'nobody heard', file)
      expect(counts, `after ${after} writes`).toEqual(whole.counts)
      expect(contacts, `after ${after} writes`).toEqual(whole.contacts)
    }
  }, 120_000)

  async function imported(after: number, way: string, file = options.file) {
    const storage = memoryStorage()
    const clock = testClock()
    const death = { writes: 0, after, heard: way === 'the batch was not written' }
    const first = await createCrm({ storage: mortal(storage, death), clock, random: testRandom(1) })
    const shop = first.session(tenant)
    const started = await shop.imports.start({ ...options, file }).catch(() => undefined)
    if (started) await shop.runs.wait(started.id, { signal: AbortSignal.timeout(80) }).catch(() => undefined)
    const second = await createCrm({ storage: mortal(storage, undefined), clock, random: testRandom(2) })
    const heir = second.session(tenant)
    clock.advance(120_000)
    await second.tick()
    const [run] = (await heir.runs.find({ where: { kind: 'import' } })).items
    const last = run ?? (await heir.imports.start({ ...options, file }))
    const ended = await heir.runs.wait(last.id)
    const contacts: unknown[] = []
    for await (const { firstName, tags, emails } of heir.contacts.each({ orderBy: ['primaryEmail'] }))
      contacts.push({ firstName, tags, emails })
    await second.close()
    return { counts: ended.counts, contacts, writes: death.writes }
  }
})

/** A storage whose process dies behind some writes: nothing it asks is answered from then on. */
function mortal(
  storage: StorageAdapter,
  death: { writes: number; readonly after: number; readonly heard: boolean } | undefined,
): StorageAdapter {
  const dead = (): CrmError =>
    new CrmError('storage_failed', 'The process is dead', { reason: 'closed', retriable: false })
  const session = (inner: StorageSession): StorageSession =>
    new Proxy(inner, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        return async (...args: unknown[]) => {
          if (!death) return member.apply(target, args)
          if (death.writes > death.after) throw dead()
          if (name !== 'write') return member.apply(target, args)
          death.writes++
          if (death.writes <= death.after) return member.apply(target, args)
          if (!death.heard) await member.apply(target, args)
          throw dead()
        }
      },
    })
  return new Proxy(storage, {
    get(target, name) {
      if (name === 'close') return async () => {}
      const member: unknown = Reflect.get(target, name, target)
      if (name === 'session') return (scope: { tenantId: string }) => session(target.session(scope))
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
