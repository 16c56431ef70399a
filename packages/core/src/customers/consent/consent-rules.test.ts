import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConsentStatement, isConsentGranted } from './consent-rules.js'

const instant = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2026-01-04'), noInvalidDate: true })
  .map((date) => {
    date.setUTCMinutes(0, 0, 0)
    return date.toISOString()
  })
const statement: fc.Arbitrary<ConsentStatement> = fc.record(
  {
    purpose: fc.constantFrom('newsletter', 'survey'),
    channel: fc.constantFrom('email', 'sms'),
    status: fc.constantFrom('granted', 'denied', 'revoked'),
    capturedAt: instant,
    validFrom: instant,
    validTo: instant,
  },
  { requiredKeys: ['purpose', 'channel', 'status', 'capturedAt'] },
)
const statements = fc.array(statement, { maxLength: 8 })
const asked = (list: readonly ConsentStatement[], at: string): boolean =>
  isConsentGranted(list, 'newsletter', 'email', at)
const about = { purpose: 'newsletter', channel: 'email' } as const

describe('consent', () => {
  it('is not there without a statement', () => {
    expect(asked([], '2026-01-02T00:00:00.000Z')).toBe(false)
  })

  it('does not depend on the order of statements', () => {
    fc.assert(
      fc.property(
        statements.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        instant,
        ([list, shuffled], at) => asked(list, at) === asked(shuffled, at),
      ),
    )
  })

  it('does not depend on statements about other purposes or channels, or made later', () => {
    fc.assert(
      fc.property(statements, instant, (list, at) => {
        const relevant = list.filter(
          ({ purpose, channel, capturedAt }) => purpose === 'newsletter' && channel === 'email' && capturedAt <= at,
        )
        return asked(list, at) === asked(relevant, at)
      }),
    )
  })

  it('follows the newest statement, whatever was said before', () => {
    fc.assert(
      fc.property(statements, fc.constantFrom('granted', 'denied', 'revoked'), (list, status) => {
        const newest: ConsentStatement = { ...about, status, capturedAt: '2026-02-01T00:00:00.000Z' }
        return asked([...list, newest], '2026-02-02T00:00:00.000Z') === (status === 'granted')
      }),
    )
  })

  it('is refused when one of the newest statements, made at the same moment, refuses', () => {
    fc.assert(
      fc.property(statements, fc.constantFrom('denied', 'revoked'), (list, status) => {
        const capturedAt = '2026-02-01T00:00:00.000Z'
        const both: ConsentStatement[] = [
          { ...about, status: 'granted', capturedAt },
          { ...about, status, capturedAt },
        ]
        return !asked([...list, ...both], capturedAt)
      }),
    )
  })

  it('holds from the first moment of its validity to just before the last', () => {
    const grant: ConsentStatement = {
      ...about,
      status: 'granted',
      capturedAt: '2026-01-01T00:00:00.000Z',
      validFrom: '2026-01-02T00:00:00.000Z',
      validTo: '2026-01-03T00:00:00.000Z',
    }
    expect(
      [
        '2026-01-01T23:59:59.999Z',
        '2026-01-02T00:00:00.000Z',
        '2026-01-02T23:59:59.999Z',
        '2026-01-03T00:00:00.000Z',
      ].map((at) => asked([grant], at)),
    ).toEqual([false, true, true, false])
  })
})
