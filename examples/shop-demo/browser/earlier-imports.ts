import type { Run } from '@rapport/core'
import type { RapportClient } from '@rapport/http/client'
import { element } from './element.js'
import { countWords, problemWords } from './problem-words.js'
import { momentWords } from './ticket-words.js'
import { watchRun } from './watch-run.js'

const mostShown = 10

/** The newest imports, each with a way back. */
export function earlierImports(client: RapportClient, place: HTMLElement): { refresh(): Promise<void> } {
  async function refresh(): Promise<void> {
    const [imports, undos] = await Promise.all(
      ['import', 'import.undo'].map((kind) =>
        client.runs.find({ where: { kind }, orderBy: ['-createdAt'], limit: mostShown }),
      ),
    )
    const undone = new Map(undos?.items.map((undo) => [undo.params.runId, undo]))
    const rows = (imports?.items ?? []).map((run) => rowOf(run, undone.get(run.id)))
    place.replaceChildren(
      rows.length === 0 ? element('p', { class: 'muted' }, 'None yet.') : element('ul', { class: 'earlier' }, ...rows),
    )
  }

  function rowOf(run: Run, undo: Run | undefined): HTMLElement {
    const { created = 0, updated = 0, failed = 0 } = run.counts ?? {}
    const status = element('span', { role: 'status' }, undo ? undoWords(undo) : '')
    const button = element(
      'button',
      { type: 'button', 'aria-label': `Take back the import of ${momentWords(run.createdAt)}` },
      'Take back',
    )
    button.addEventListener('click', async () => {
      button.disabled = true
      try {
        const ended = await watchRun(client, await client.imports.undo(run.id), () => {
          status.textContent = 'Taking it back …'
        })
        button.hidden = true
        status.textContent = undoWords(ended)
      } catch (error) {
        button.disabled = false
        status.textContent = problemWords(error)
      }
    })
    button.hidden = undo?.status === 'done'
    return element(
      'li',
      {},
      element(
        'span',
        {},
        element('b', {}, momentWords(run.createdAt)),
        ` ${countWords(created)} new, ${countWords(updated)} updated, ${countWords(failed)} wrong`,
      ),
      status,
      button,
    )
  }

  return { refresh }
}

function undoWords({ status, counts = {} }: Run): string {
  if (status !== 'done') return 'Being taken back.'
  const { removed = 0, restored = 0, kept = 0 } = counts
  const changed = kept > 0 ? ` ${countWords(kept)} stay: changed since.` : ''
  return `Taken back: ${countWords(removed)} removed, ${countWords(restored)} as before.${changed}`
}
