import { describe, expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'

const staff = { type: 'user', id: 'u_7' } as const

async function opened() {
  const crm = await createTestCrm()
  return { crm, shop: crm.session({ tenantId: 'acme', actor: staff }) }
}

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

describe('an import', () => {
  test('creates and updates contacts by e-mail, lists what is wrong, and changes nothing the second time', async () => {
    const { shop } = await opened()
    const grace = await shop.contacts.create({ firstName: 'Grace', emails: [{ address: 'Grace@example.com' }] })
    const file = [
      'First name,Last name,E-Mail,Phone',
      'Ada,King,ada@example.com,+44 20 7946 0018',
      'Grace,Hopper,grace@EXAMPLE.com,',
      'Nobody,,not an address,',
      ',,,',
      'Ada,Lovelace,ADA@example.com,',
    ].join('\r\n')
    const options = {
      file,
      object: 'contact',
      mapping: { 'First name': 'firstName', 'Last name': 'lastName', 'E-Mail': 'email', Phone: 'phones' },
      matchOn: 'email',
    } as const
    const run = await shop.runs.wait((await shop.imports.start(options)).id)
    expect(run).toMatchObject({
      kind: 'import',
      status: 'done',
      counts: { created: 1, updated: 2, unchanged: 0, skipped: 0, failed: 1 },
      progress: { done: 4, total: 4 },
    })
    expect(await listed(shop.imports.errors(run.id))).toEqual([
      {
        row: 4,
        column: 'E-Mail',
        field: 'emails.0.address',
        code: 'validation_failed',
        message: 'must be an e-mail address such as ada@example.com',
      },
    ])
    expect(await shop.contacts.get(grace.id)).toMatchObject({ lastName: 'Hopper', version: 2 })
    expect(await shop.contacts.findByEmail('ada@example.com')).toMatchObject({ fullName: 'Ada Lovelace', version: 2 })

    const again = await shop.runs.wait((await shop.imports.start(options)).id)
    // Ada is King again and then Lovelace: the file says so twice.
    expect(again.counts).toEqual({ created: 0, updated: 2, unchanged: 1, skipped: 0, failed: 1 })
    expect(await shop.contacts.count()).toBe(2)

    const undone = await shop.runs.wait((await shop.imports.undo(run.id)).id)
    expect(undone).toMatchObject({ kind: 'import.undo', status: 'done' })
    await listed(shop.imports.conflicts(run.id))
  })
})
