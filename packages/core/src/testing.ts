import { createCrm } from './create-crm.js'
import type { Crm, CrmOptions } from './crm.js'
import type { Clock } from './kernel/clock.js'
import type { RandomSource } from './kernel/random-source.js'
import { memoryStorage } from './storage/memory/index.js'

/** A clock that stands still until it is told to move. */
export interface TestClock extends Clock {
  /** Moves to a moment, an ISO string or milliseconds since the epoch. */
  set(moment: string | number): void
  /** Moves on by milliseconds. */
  advance(ms: number): void
}

/** A clock at a moment, `2026-03-01T10:00:00.000Z` when left out. */
export function testClock(start = '2026-03-01T10:00:00.000Z'): TestClock {
  let now = Date.parse(start)
  return {
    now: () => now,
    set: (moment) => {
      now = typeof moment === 'number' ? moment : Date.parse(moment)
    },
    advance: (ms) => {
      now += ms
    },
  }
}

/** Repeatable randomness (xorshift32): the same seed gives the same ids. Never for secrets. */
export function testRandom(seed = 1): RandomSource {
  let state = seed >>> 0 || 1
  return {
    bytes(length) {
      const bytes = new Uint8Array(length)
      for (let index = 0; index < length; index++) {
        state ^= state << 13
        state >>>= 0
        state ^= state >>> 17
        state ^= state << 5
        state >>>= 0
        bytes[index] = state & 0xff
      }
      return bytes
    },
  }
}

/** Options of a CRM for tests; what is left out is in memory, at a fixed moment and repeatable. */
export type TestCrmOptions = Partial<Omit<CrmOptions, 'clock'>> & { readonly clock?: TestClock }

/** A CRM in memory with a fixed clock and repeatable ids, for the tests of a host. `clock` of the result moves its time. */
export async function createTestCrm({
  clock = testClock(),
  ...options
}: TestCrmOptions = {}): Promise<Crm & { readonly clock: TestClock }> {
  const crm = await createCrm({ storage: memoryStorage(), random: testRandom(), ...options, clock })
  return Object.assign(crm, { clock })
}
