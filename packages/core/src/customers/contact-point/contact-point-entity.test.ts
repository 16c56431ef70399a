import { describe, expect, it } from 'vitest'
import type { Email, Phone } from './contact-point.js'
import { planContactPoints } from './contact-point-entity.js'

const owner = { contactId: 'c-1' }
const none = { emails: [], phones: [] }
const email = (address: string, more: Partial<Email> = {}): Email => ({
  address,
  type: 'other',
  optOut: false,
  invalid: false,
  ...more,
})
const phone = (number: string): Phone => ({ number, type: 'other', optOut: false, invalid: false })

describe('planContactPoints', () => {
  it('writes each point under its match key; only an e-mail of a contact identifies', () => {
    const after = { emails: [email('Ada@Example.com', { primary: true })], phones: [phone('0044 20 7946 0018')] }
    const common = { optOut: false, invalid: false }
    expect(planContactPoints(owner, none, after)).toMatchObject([
      {
        kind: 'project',
        entity: 'contactPoint',
        values: { ...common, ...owner, kind: 'email', value: 'ada@example.com', primary: true, identifying: true },
      },
      {
        kind: 'project',
        values: { ...common, ...owner, kind: 'phone', value: '+442079460018', primary: false, identifying: false },
      },
    ])
    const [shared] = planContactPoints({ companyId: 'o-1' }, none, after)
    expect(shared).toMatchObject({ values: { companyId: 'o-1', identifying: false } })
  })

  it('writes nothing for what stays as it was, also when only its spelling changed', () => {
    const before = { emails: [email('Ada@Example.com')], phones: [phone('+44 20 7946 0018')] }
    const after = { emails: [email('ada@example.com')], phones: [phone('0044 2079460018')] }
    expect(planContactPoints(owner, before, after)).toEqual([])
  })

  it('writes again what differs, and removes what is gone', () => {
    const before = { emails: [email('a@example.com'), email('b@example.com')], phones: [] }
    const after = { emails: [email('b@example.com', { optOut: true })], phones: [] }
    const [gone, changed, ...rest] = planContactPoints(owner, before, after)
    const [a, b] = planContactPoints(owner, none, before)
    expect(gone).toEqual({ kind: 'unproject', entity: 'contactPoint', id: a && 'id' in a && a.id })
    expect(changed).toMatchObject({ kind: 'project', id: b && 'id' in b && b.id, values: { optOut: true } })
    expect(rest).toEqual([])
  })
})
