/** How long answers may follow each other before the event loop gets its turn, in milliseconds. */
const longestStretchMs = 15

/**
 * Lets the event loop turn now and then. PGlite computes in this very thread and answers without ever leaving it, so a loop of its
 * calls would keep signals, timers and requests waiting until it ends.
 */
export function eventLoopTurns(): () => Promise<void> | undefined {
  let turnedAt = performance.now()
  return () => {
    if (performance.now() - turnedAt < longestStretchMs) return undefined
    return new Promise((resolve) => {
      const turn = (): void => {
        turnedAt = performance.now()
        resolve()
      }
      if (typeof setImmediate === 'function') setImmediate(turn)
      else setTimeout(turn, 0)
    })
  }
}
