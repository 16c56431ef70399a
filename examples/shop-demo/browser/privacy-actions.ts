import type { RapportClient } from '@rapport/http/client'
import { byId } from './element.js'
import { countWords, problemWords } from './problem-words.js'
import { watchRun } from './watch-run.js'

/** The export of everything about a customer, and their erasure after a question. */
export function privacyActions(client: RapportClient, contactId: string, onErased: () => void): void {
  const status = byId('privacy-status')
  const dialog = byId<HTMLDialogElement>('erase-dialog')
  const sure = byId<HTMLInputElement>('erase-sure')
  const confirm = byId<HTMLButtonElement>('erase-confirm')
  const reason = byId<HTMLInputElement>('erase-reason')

  byId('export').addEventListener('click', async () => {
    status.textContent = 'Gathering …'
    try {
      const lines: string[] = []
      for await (const line of client.privacy.export(contactId)) lines.push(line)
      save(lines)
      status.textContent = `Exported: ${countWords(lines.length)} lines.`
    } catch (error) {
      status.textContent = problemWords(error)
    }
  })

  const check = (): void => {
    confirm.disabled = !sure.checked || reason.value.trim() === ''
  }
  byId('erase').addEventListener('click', () => {
    sure.checked = false
    check()
    dialog.showModal()
  })
  sure.addEventListener('change', check)
  reason.addEventListener('input', check)
  confirm.addEventListener('click', async () => {
    dialog.close()
    const isDelete = dialog.querySelector<HTMLInputElement>('input[value=delete]')?.checked
    try {
      const started = await client.privacy.erase(contactId, {
        mode: isDelete ? 'delete' : 'anonymise',
        reason: reason.value,
      })
      const run = await watchRun(client, started, () => {
        status.textContent = 'Erasing …'
      })
      if (run.status !== 'done') throw new Error(run.status)
      status.textContent = 'Erased. Only the evidence is left that it was done.'
      onErased()
    } catch (error) {
      status.textContent = problemWords(error)
    }
  })
}

/** Gives the browser a file to keep. */
function save(lines: readonly string[]): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(
    new Blob(
      lines.map((line) => `${line}\n`),
      { type: 'application/x-ndjson' },
    ),
  )
  link.download = 'personal-data.jsonl'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
