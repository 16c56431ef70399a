import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createIdGenerator, deriveId, isId } from './id.js'
import type { RandomSource } from './random-source.js'

const filledWith = (byte: number): RandomSource => ({ bytes: (length) => new Uint8Array(length).fill(byte) })

const timestampOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

describe('createIdGenerator', () => {
  test('lays out time, version 7 and variant as RFC 9562 says', () => {
    // The example of RFC 9562, appendix A.6: 2022-02-22T19:22:22.000Z is 0x017f22e279b0.
    const newId = createIdGenerator({ now: () => 0x017f22e279b0 }, filledWith(0xff))
    const id = newId()
    expect(id.slice(0, 15)).toBe('017f22e2-79b0-7')
    expect(id[19]).toBe('b')
    expect(isId(id)).toBe(true)
  })

  test('has the variant bits 10 whatever the randomness', () => {
    for (const byte of [0x00, 0x3f, 0x40, 0x80, 0xc0, 0xff]) {
      const id = createIdGenerator({ now: () => 1 }, filledWith(byte))()
      expect(id[14]).toBe('7')
      expect('89ab').toContain(id[19])
    }
  })

  test('keeps the time of the first and the last millisecond it can hold', () => {
    for (const ms of [0, 1, 2 ** 32, 2 ** 48 - 1]) {
      expect(timestampOf(createIdGenerator({ now: () => ms }, filledWith(7))())).toBe(ms)
    }
  })

  test('ids increase strictly within a millisecond, also beyond the 4,096 that its sequence holds', () => {
    const newId = createIdGenerator({ now: () => 1_000 }, filledWith(0xff))
    const ids = Array.from({ length: 10_000 }, newId)
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
    expect(timestampOf(ids[0] as string)).toBe(1_000)
    expect(timestampOf(ids[9_999] as string)).toBeGreaterThan(1_000)
  })

  test('ids increase strictly however the clock steps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 2, maxLength: 200 }),
        fc.integer({ min: 0, max: 255 }),
        (moments, byte) => {
          let index = 0
          const newId = createIdGenerator({ now: () => moments[index++] as number }, filledWith(byte))
          const ids = moments.map(() => newId())
          for (let at = 1; at < ids.length; at++) expect((ids[at - 1] as string) < (ids[at] as string)).toBe(true)
        },
      ),
    )
  })

  test('follows the clock again once it has caught up', () => {
    let now = 9_000
    const newId = createIdGenerator({ now: () => now }, filledWith(0))
    newId()
    now = 5_000
    expect(timestampOf(newId())).toBe(9_000)
    now = 9_001
    expect(timestampOf(newId())).toBe(9_001)
  })
})

describe('deriveId', () => {
  test('gives the same id for the same parts, and a UUID of version 8', () => {
    expect(deriveId('shop', 'c-1')).toBe(deriveId('shop', 'c-1'))
    expect(deriveId('shop', 'c-1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('different parts give different ids, also when their concatenation is the same', () => {
    expect(deriveId('ab', 'c')).not.toBe(deriveId('a', 'bc'))
    expect(deriveId('a', '')).not.toBe(deriveId('a'))
    expect(deriveId('1:a', 'b')).not.toBe(deriveId('1:a1:b'))
    const parts = fc.array(fc.string({ unit: fc.constantFrom('1', '2', ':', 'a', 'é', '𝒳'), maxLength: 6 }), {
      maxLength: 4,
    })
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        fc.pre(JSON.stringify(left) !== JSON.stringify(right))
        expect(deriveId(...left)).not.toBe(deriveId(...right))
      }),
      { numRuns: 500 },
    )
  })
})

describe('isId', () => {
  test('accepts canonical UUIDs only', () => {
    expect(isId('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')).toBe(true)
    for (const other of [
      '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
      '017f22e279b07cc398c4dc0c0c07398f',
      ' 017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
      '017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n',
      '',
      undefined,
      7,
    ])
      expect(isId(other)).toBe(false)
  })
})
