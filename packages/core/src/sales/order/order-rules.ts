import { invalidField } from '../../kernel/crm-error.js'

/** The parts of an order that its amounts depend on. */
export interface OrderAmounts {
  readonly status: string
  readonly total: { readonly amountMinor: number; readonly currency: string }
  readonly refunded?: { readonly amountMinor: number; readonly currency: string }
}

/** A refund is in the order's currency and never more than its total. */
export function checkRefund({ total, refunded }: OrderAmounts): void {
  if (refunded === undefined) return
  if (refunded.currency !== total.currency) throw invalidField('refunded.currency', 'must be the currency of the total')
  if (refunded.amountMinor > total.amountMinor) throw invalidField('refunded.amountMinor', 'must not exceed the total')
}

/** Whether an order counts as a purchase: canceled ones do not. */
export function countsAsPurchase(status: string): boolean {
  return status !== 'canceled'
}

/** What a customer paid in the end, in minor units. */
export function netAmountMinor({ status, total, refunded }: OrderAmounts): number {
  if (!countsAsPurchase(status)) return 0
  if (status === 'refunded' && refunded === undefined) return 0
  return total.amountMinor - (refunded?.amountMinor ?? 0)
}
