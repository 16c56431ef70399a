import type { Run } from '@rapport/core'
import type { RapportClient } from '@rapport/http/client'
import { byId } from './element.js'
import { countWords } from './problem-words.js'
import { watchRun } from './watch-run.js'

/** What the server scored at its start; what is computed again is the same. */
const models = ['rfm', 'clv', 'value', 'churn', 'relationship', 'cluster'] as const

/** Lets staff compute all scores again and watch how far it is. `onDone` is called when new scores are there. */
export function scoreRefresh(client: RapportClient, options: { readonly asOf: string; onDone(): void }): void {
  const button = byId<HTMLButtonElement>('refresh-scores')
  const progress = byId<HTMLProgressElement>('scores-progress')
  const status = byId('scores-status')

  button.addEventListener('click', async () => {
    button.disabled = true
    progress.hidden = false
    progress.removeAttribute('value')
    try {
      const started = await client.scores.refresh([...models], { asOf: options.asOf, purchaseModel: 'bg_nbd' })
      const run = await watchRun(client, started, show)
      if (run.status !== 'done') throw new Error(run.status)
      options.onDone()
    } catch {
      status.textContent = 'The scores could not be computed. Try again in a moment.'
    }
    button.disabled = false
    progress.hidden = true
  })

  function show({ status: state, progress: reached, counts }: Run): void {
    const { done = 0, total } = reached ?? {}
    if (total !== undefined && done > 0) {
      progress.value = done / total
      status.textContent = `Kept for ${countWords(done)} of ${countWords(total)} customers`
    } else if (total !== undefined) status.textContent = 'Computing …'
    else if (state !== 'done') status.textContent = `Reading purchases: ${countWords(counts?.ordersRead ?? 0)}`
  }
}
