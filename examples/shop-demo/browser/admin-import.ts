import type { ImportMode, Run } from '@rapport/core'
import { adminFrame } from './admin-frame.js'
import { earlierImports } from './earlier-imports.js'
import { byId, element } from './element.js'
import { fileWords } from './file-words.js'
import { type MappingTable, mappingTable } from './import-mapping.js'
import { countTiles, errorTable } from './import-outcome.js'
import { countWords, problemWords } from './problem-words.js'
import { sampleCells } from './sample-cells.js'
import { showProgress, watchRun } from './watch-run.js'

const samplesShown = 3
const errorsShown = 50

const client = adminFrame()
const matchOn = byId<HTMLSelectElement>('match-on')
const mode = byId<HTMLSelectElement>('mode')
const tryButton = byId<HTMLButtonElement>('try')
const startButton = byId<HTMLButtonElement>('start')
const problem = byId('mapping-problem')
const facts = byId('file-facts')
const status = byId('outcome-status')
const progress = byId<HTMLProgressElement>('import-progress')
const samples = [...document.querySelectorAll<HTMLButtonElement>('[data-sample]')]
const ownFile = byId<HTMLInputElement>('own-file')
const earlier = earlierImports(client, byId('earlier-imports'))

let chosen: { readonly file: Blob; readonly table: MappingTable } | undefined

for (const button of samples) {
  button.addEventListener('click', async () => {
    const name = button.dataset.sample ?? ''
    const response = await fetch(`/assets/${name}`)
    await choose(await response.blob(), name, button)
  })
}
ownFile.addEventListener('change', async () => {
  const file = ownFile.files?.[0]
  if (file) await choose(file, file.name)
})
matchOn.addEventListener('change', () => {
  if (matchOn.value === '') mode.value = 'create'
  mode.disabled = matchOn.value === ''
  changed()
})
mode.addEventListener('change', changed)
tryButton.addEventListener('click', () => void attempt(tryButton, tryIt))
startButton.addEventListener('click', () => void attempt(startButton, importIt))
void earlier.refresh()

/** Looks at a file and offers where its columns may go. */
async function choose(file: Blob, name: string, button?: HTMLButtonElement): Promise<void> {
  for (const other of samples) other.setAttribute('aria-pressed', String(other === button))
  byId('mapping-step').hidden = true
  byId('outcome-step').hidden = true
  facts.textContent = `Looking at ${name} …`
  try {
    const suggestion = await client.imports.suggest({ file, object: 'contact' })
    const cells = await sampleCells(file, suggestion, samplesShown)
    chosen = { file, table: mappingTable(byId('mapping-rows'), suggestion.columns, cells, changed) }
    facts.textContent = `${name}: ${fileWords(suggestion)}.`
    byId('mapping-step').hidden = false
    changed()
  } catch (error) {
    chosen = undefined
    facts.textContent = `${name} cannot be read. ${problemWords(error)}`
  }
}

/** What was tried before says nothing about what is chosen now. */
function changed(): void {
  startButton.disabled = true
  problem.textContent = ''
}

async function attempt(button: HTMLButtonElement, work: () => Promise<void>): Promise<void> {
  const unsaid = chosen?.table.unsaid() ?? []
  problem.textContent = unsaid.length > 0 ? `Say how to read ${unsaid.join(', ')}.` : ''
  if (unsaid.length > 0) return
  button.disabled = true
  try {
    await work()
  } catch (error) {
    problem.textContent = problemWords(error)
  }
  if (button === tryButton) button.disabled = false
}

function options() {
  if (!chosen) throw new TypeError('Nothing is chosen')
  return {
    file: chosen.file,
    object: 'contact',
    mapping: chosen.table.mapping(),
    ...(matchOn.value !== '' && { matchOn: matchOn.value }),
    mode: mode.value as ImportMode,
  }
}

async function tryIt(): Promise<void> {
  const { rows, more, counts, errors } = await client.imports.preview(options())
  status.textContent = `Tried ${more ? 'the first ' : ''}${countWords(rows)} rows. Nothing is written yet.`
  show(counts, errors, 'Rows that would be left out')
  startButton.disabled = counts.created + counts.updated + counts.unchanged === 0
}

async function importIt(): Promise<void> {
  byId('outcome-step').hidden = false
  byId('outcome-errors').replaceChildren()
  byId('outcome-actions').replaceChildren()
  const run = await watchRun(client, await client.imports.start(options()), tell)
  const { items } = await client.imports.errors(run.id, { limit: errorsShown })
  const errors = items.toSorted((left, right) => left.row - right.row)
  show(run.counts ?? {}, errors, 'Rows that were left out')
  byId('outcome-actions').replaceChildren(
    element('a', { class: 'button', href: '/admin/duplicates' }, 'Look for duplicates'),
  )
  await earlier.refresh()
}

function tell(run: Run): void {
  const { done = 0, total } = run.progress ?? {}
  showProgress(progress, run)
  byId('outcome-counts').replaceChildren(...countTiles(run.counts ?? {}))
  const of = total === undefined ? '' : ` of ${countWords(total)}`
  if (run.status === 'done') status.textContent = `Imported. ${countWords(done)} rows were read.`
  else if (run.status === 'failed') status.textContent = `The import ended early. ${run.error?.message ?? ''}`
  else status.textContent = `Importing: ${countWords(done)}${of} rows`
}

function show(counts: Parameters<typeof countTiles>[0], errors: Parameters<typeof errorTable>[0], title: string): void {
  byId('outcome-step').hidden = false
  byId('outcome-counts').replaceChildren(...countTiles(counts))
  byId('outcome-errors').replaceChildren(...(errors.length > 0 ? [errorTable(errors, title)] : []))
  byId('outcome-actions').replaceChildren()
}
