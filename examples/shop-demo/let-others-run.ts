import { setImmediate } from 'node:timers/promises'

/**
 * Lets the event loop turn once. PGlite computes in this very thread and answers without ever leaving it, so a loop of its calls keeps
 * signals, timers and requests waiting until it ends. A server of its own needs none of this.
 */
export function letOthersRun(): Promise<void> {
  return setImmediate()
}
