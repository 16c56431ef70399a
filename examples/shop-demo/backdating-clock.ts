import type { Clock } from '@rapport/core'

/** The machine's clock, which can be told to stand at another moment while invented history is written. */
export interface BackdatingClock extends Clock {
  /** Does the work as if it were `momentMs` (milliseconds since the Unix epoch). One work at a time. */
  during<T>(momentMs: number, work: () => Promise<T>): Promise<T>
}

/** A clock for `createCrm({ clock })`. Everything in Rapport asks its clock, so a host decides what time it is. */
export function backdatingClock(clock: Clock): BackdatingClock {
  let moment: number | undefined
  return {
    now: () => moment ?? clock.now(),
    async during(momentMs, work) {
      moment = momentMs
      try {
        return await work()
      } finally {
        moment = undefined
      }
    },
  }
}
