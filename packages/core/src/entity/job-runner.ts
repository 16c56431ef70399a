/** A piece of work to be done later, as plain data. */
export interface Job {
  readonly tenantId: string
  readonly runId: string
}

/** Takes jobs and hands each to the worker, at least once. In-process by default; a queue in production. */
export interface JobRunner {
  enqueue(job: Job): Promise<void>
  /** Sets who does the work. Called once. */
  work(handle: (job: Job) => Promise<void>): Promise<void>
  /** Waits for the work under way and takes no more. */
  close(): Promise<void>
}

/** Runs jobs in this process, one after the other. Jobs not begun when it closes are left for the next start. */
export function inProcessJobRunner(): JobRunner {
  const waiting: Job[] = []
  let handler: ((job: Job) => Promise<void>) | undefined
  let active: Promise<void> | undefined
  let closed = false
  const drain = async (): Promise<void> => {
    for (let job = waiting.shift(); job && handler && !closed; job = waiting.shift()) {
      try {
        await handler(job)
      } catch {
        // The run stays as it is, and the next tick takes it up again.
      }
    }
  }
  const wake = (): void => {
    if (active || closed || !handler || waiting.length === 0) return
    active = drain().finally(() => {
      active = undefined
      wake()
    })
  }
  return {
    async enqueue(job) {
      const isWaiting = waiting.some(({ tenantId, runId }) => tenantId === job.tenantId && runId === job.runId)
      if (closed || isWaiting) return
      waiting.push(job)
      wake()
    },
    async work(handle) {
      handler = handle
      wake()
    },
    async close() {
      closed = true
      await active
    },
  }
}
