import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { emailSchema, normaliseEmail, normalisePhone, phoneSchema, withOnePrimary } from './contact-point.js'

describe('the match key of an e-mail address', () => {
  it.each([
    ['  Ada@Example.COM ', 'ada@example.com'],
    ['JOSE\u0301@example.com', 'jos\u00e9@example.com'],
    ['jos\u00e9@example.com', 'jos\u00e9@example.com'],
    ['ada+shop@example.com', 'ada+shop@example.com'],
  ])('of %j is %j', (written, key) => {
    expect(normaliseEmail(written)).toBe(key)
  })
})

describe('the match key of a phone number', () => {
  it.each([
    ['+44 20 7946 0018', '+442079460018'],
    ['0044 (20) 7946-0018', '+442079460018'],
    ['020/7946.0018', '02079460018'],
    ['＋８６ １３８ ００１３ ８０００', '+8613800138000'],
  ])('of %j is %j', (written, key) => {
    expect(normalisePhone(written)).toBe(key)
  })
})

describe('what counts as an address', () => {
  it.each(['ada@example.com', ' ada@example.com ', '用户@例子.公司', "o'neil@mail.example.co.uk"])(
    '%j does',
    (address) => {
      expect(z.safeParse(emailSchema, { address }).success).toBe(true)
    },
  )
  it.each(['', 'ada', 'ada@', '@example.com', 'ada@example', 'a b@example.com', 'ada@example.com, eve@example.com'])(
    '%j does not',
    (address) => {
      expect(z.safeParse(emailSchema, { address }).success).toBe(false)
    },
  )
  it.each(['12', 'call me', '12+34567', '1'.repeat(21), '+'])('%j is no phone number', (number) => {
    expect(z.safeParse(phoneSchema, { number }).success).toBe(false)
  })
})

describe('exactly one entry is primary', () => {
  const primaryOf = (...entries: { at: string; primary?: boolean }[]) =>
    withOnePrimary(entries, ({ at }) => at.toLowerCase())

  it('the first one, when none is marked', () => {
    expect(primaryOf({ at: 'a' }, { at: 'b' })).toEqual([
      { at: 'a', primary: true },
      { at: 'b', primary: false },
    ])
  })

  it('the first one marked, when several are', () => {
    expect(primaryOf({ at: 'a' }, { at: 'b', primary: true }, { at: 'c', primary: true })).toEqual([
      { at: 'a', primary: false },
      { at: 'b', primary: true },
      { at: 'c', primary: false },
    ])
  })

  it('none, when there are none', () => {
    expect(primaryOf()).toEqual([])
  })

  it('of doubles the first stays where it is, and is primary when any of them was marked', () => {
    expect(primaryOf({ at: 'a' }, { at: 'b' }, { at: 'A' })).toEqual([
      { at: 'a', primary: true },
      { at: 'b', primary: false },
    ])
    expect(primaryOf({ at: 'b' }, { at: 'a' }, { at: 'A', primary: true })).toEqual([
      { at: 'b', primary: false },
      { at: 'a', primary: true },
    ])
  })
})
