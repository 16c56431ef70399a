import type { Run } from '@rapport/core'
import type { RapportClient } from '@rapport/http/client'

const pollEveryMs = 250

/** Asks for a run until it has ended, tells each state on the way, and gives the last one. */
export async function watchRun(client: RapportClient, started: Run, onState: (run: Run) => void): Promise<Run> {
  let run = started
  onState(run)
  while (run.status === 'queued' || run.status === 'running') {
    await new Promise((resolve) => setTimeout(resolve, pollEveryMs))
    run = await client.runs.get(run.id)
    onState(run)
  }
  return run
}

/** Shows on a bar how far a run is; without a total the bar only tells that something is done. */
export function showProgress(bar: HTMLProgressElement, { status, progress }: Run): void {
  bar.hidden = status !== 'queued' && status !== 'running'
  const { done = 0, total } = progress ?? {}
  if (total === undefined || total === 0) bar.removeAttribute('value')
  else bar.value = done / total
}
