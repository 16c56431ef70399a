import { describe, expect, it } from 'vitest'
import { deriveContact, fullNameOf } from './contact-rules.js'

describe('fullNameOf', () => {
  it.each([
    ['Ada', 'King', 'Ada King'],
    [' Ada ', undefined, 'Ada'],
    [undefined, 'King', 'King'],
    ['伟', '王', '王伟'],
    ['小明', '欧阳', '欧阳小明'],
    ['さくら', '山田', '山田さくら'],
    ['민준', '김', '김민준'],
    ['Wei', '王', 'Wei 王'],
    [undefined, '王', '王'],
  ])('of %j %j is %j', (first, last, full) => {
    expect(fullNameOf(first, last)).toBe(full)
  })

  it('is absent without a name', () => {
    expect(fullNameOf(undefined, undefined)).toBeUndefined()
    expect(fullNameOf('  ', '')).toBeUndefined()
  })
})

describe('deriveContact', () => {
  const email = (address: string, primary?: boolean) => ({
    address,
    type: 'other' as const,
    optOut: false,
    invalid: false,
    ...(primary !== undefined && { primary }),
  })

  it('trims addresses, drops doubles and names the primary ones', () => {
    const { emails, derived } = deriveContact({
      firstName: 'Ada',
      emails: [email(' Ada@Example.com'), email('king@example.com', true), email('ada@example.COM')],
      phones: [{ number: '+44 20 7946 0018', type: 'work', optOut: false, invalid: false }],
    })
    expect(emails.map(({ address, primary }) => [address, primary])).toEqual([
      ['Ada@Example.com', false],
      ['king@example.com', true],
    ])
    expect(derived).toEqual({ fullName: 'Ada', primaryEmail: 'king@example.com', primaryPhone: '+44 20 7946 0018' })
  })

  it('clears what nothing is left of', () => {
    expect(deriveContact({ emails: [], phones: [] }).derived).toEqual({
      fullName: null,
      primaryEmail: null,
      primaryPhone: null,
    })
  })
})
