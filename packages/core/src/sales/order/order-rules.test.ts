import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRefund, countsAsPurchase, netAmountMinor } from './order-rules.js'

const euros = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })
const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const status = fc.constantFrom('open', 'completed', 'canceled', 'refunded')

describe('checkRefund', () => {
  it('takes any refund up to the total and no more', () => {
    fc.assert(
      fc.property(amount, amount, (total, refunded) => {
        const check = (): void => checkRefund({ status: 'completed', total: euros(total), refunded: euros(refunded) })
        if (refunded <= total) check()
        else {
          expect(check).toThrow(
            expect.objectContaining({
              code: 'validation_failed',
              details: expect.objectContaining({ field: 'refunded.amountMinor' }),
            }),
          )
        }
      }),
    )
  })

  it('refuses another currency', () => {
    const refund = { status: 'open', total: euros(5), refunded: { amountMinor: 1, currency: 'USD' } }
    expect(() => checkRefund(refund)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: 'refunded.currency' }) }),
    )
  })
})

describe('netAmountMinor', () => {
  it('is total less refund for every order that counts, and nothing for a canceled one', () => {
    fc.assert(
      fc.property(
        status,
        amount.chain((total) => fc.tuple(fc.constant(total), fc.integer({ min: 0, max: total }))),
        (state, [total, refunded]) => {
          const net = netAmountMinor({ status: state, total: euros(total), refunded: euros(refunded) })
          expect(net).toBe(state === 'canceled' ? 0 : total - refunded)
        },
      ),
    )
  })

  it('takes “refunded” without an amount for the whole amount', () => {
    expect(netAmountMinor({ status: 'refunded', total: euros(500) })).toBe(0)
    expect(netAmountMinor({ status: 'completed', total: euros(500) })).toBe(500)
  })
})

it('only a canceled order is no purchase', () => {
  expect(['open', 'completed', 'refunded', 'canceled'].map(countsAsPurchase)).toEqual([true, true, true, false])
})
