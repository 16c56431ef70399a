import { instantOf } from '../../kernel/instant.js'

/** Why an event is not kept. */
export type BehaviourRefusal =
  /** There is no such visitor, or none the actor may act for. */
  | 'unknown_visitor'
  /** Nothing allowed to keep it when it happened, or does not any more. */
  | 'no_consent'
  /** The clock of the device is more than five minutes fast. */
  | 'in_future'
  /** It happened more than 31 days ago. */
  | 'too_old'

const aheadMs = 5 * 60_000
const lateMs = 31 * 86_400_000

/**
 * The moment an event is kept with. Clocks of devices are wrong: up to five minutes ahead of `nowMs` counts as now. An event may come
 * late by up to 31 days, in any order.
 */
export function placeInTime(
  at: string,
  nowMs: number,
): { readonly at: string } | { readonly reason: BehaviourRefusal } {
  const ms = Date.parse(at)
  if (ms > nowMs + aheadMs) return { reason: 'in_future' }
  if (ms < nowMs - lateMs) return { reason: 'too_old' }
  return { at: ms > nowMs ? instantOf(nowMs) : at }
}
