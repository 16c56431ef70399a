import type { UnmergeResult } from '@rapport/core'
import { adminFrame } from './admin-frame.js'
import { element } from './element.js'
import { fieldWords } from './field-words.js'
import { problemWords } from './problem-words.js'
import { watchRun } from './watch-run.js'

const client = adminFrame()

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-merge]')) {
  button.addEventListener('click', () => void propose(button, button.dataset.merge ?? ''))
}

/** Says what taking a merge back would do, and asks. */
async function propose(button: HTMLButtonElement, mergeId: string): Promise<void> {
  const place = button.parentElement
  if (!place) return
  const said = element('p', { role: 'status' })
  place.replaceChildren(said)
  try {
    said.textContent = `Both customers will be there again.${keptWords(await client.contacts.unmerge(mergeId, { dryRun: true }), 'will stay')}`
  } catch (error) {
    said.textContent = problemWords(error)
    return
  }
  const go = element('button', { type: 'button', class: 'primary' }, 'Take it back now')
  const leave = element('button', { type: 'button' }, 'Leave it')
  leave.addEventListener('click', () => {
    place.replaceChildren(button)
    button.focus()
  })
  go.addEventListener('click', async () => {
    go.disabled = true
    leave.disabled = true
    try {
      const result = await client.contacts.unmerge(mergeId)
      if (result.run) await watchRun(client, result.run, () => undefined)
      said.textContent = `Taken back: both customers are there again.${keptWords(result, 'stay')}`
    } catch (error) {
      said.textContent = problemWords(error)
    }
    place.replaceChildren(said)
  })
  place.replaceChildren(said, element('div', { class: 'actions' }, go, leave))
  go.focus()
}

/** What does not go back, because somebody changed it since. */
function keptWords({ conflicts, kept }: UnmergeResult, verb: string): string {
  const fields =
    conflicts.length === 0
      ? ''
      : ` Changed since the merge, so these ${verb} as they are: ${conflicts.map(fieldWords).join(', ')}.`
  return kept === 0 ? fields : `${fields} ${kept} related records were given to somebody else since and ${verb} there.`
}
