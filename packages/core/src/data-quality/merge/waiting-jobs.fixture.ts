import type { Job, JobRunner } from '../../entity/job-runner.js'

/** Jobs that wait until they are worked off, as those of a queue that another process serves. */
export function waitingJobs(): { readonly jobs: JobRunner; workOff(): Promise<void> } {
  const waiting: Job[] = []
  let work: (job: Job) => Promise<void> = async () => {}
  const jobs: JobRunner = {
    enqueue: async (job) => void waiting.push(job),
    work: async (handler) => {
      work = handler
    },
    close: async () => {},
  }
  return {
    jobs,
    async workOff() {
      for (let job = waiting.shift(); job; job = waiting.shift()) await work(job)
    },
  }
}
