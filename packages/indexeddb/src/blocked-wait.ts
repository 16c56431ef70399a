import { blockedDatabase } from './indexeddb-errors.js'

/** What happens while another tab keeps an older release of the database open. */
export interface BlockedOptions {
  /** Called when the wait begins, so that the page can ask the user to close other tabs. Tabs of this library close by themselves. */
  readonly onBlocked?: () => void
  /** Milliseconds to wait before the call fails with `storage_failed`, reason `blocked`; 10,000 when left out. */
  readonly blockedTimeoutMs?: number
  /** Resolves after so many milliseconds; `setTimeout` when left out. */
  readonly sleep?: (durationMs: number) => Promise<void>
}

/** The same, complete. */
export interface BlockedWait {
  readonly onBlocked: () => void
  readonly timeoutMs: number
  readonly sleep: (durationMs: number) => Promise<void>
}

/** Throws `TypeError` for a time that is no number from 0. */
export function blockedWait({ onBlocked, blockedTimeoutMs = 10_000, sleep }: BlockedOptions): BlockedWait {
  if (!(blockedTimeoutMs >= 0)) throw new TypeError('blockedTimeoutMs must be a number of milliseconds, at least 0')
  return {
    onBlocked: onBlocked ?? (() => {}),
    timeoutMs: blockedTimeoutMs,
    sleep: sleep ?? ((durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs))),
  }
}

/** Rejects with `blocked` when the time is over. Whoever is unblocked before need not care. */
export async function waitUnblocked({ onBlocked, timeoutMs, sleep }: BlockedWait): Promise<never> {
  onBlocked()
  await sleep(timeoutMs)
  throw blockedDatabase()
}
