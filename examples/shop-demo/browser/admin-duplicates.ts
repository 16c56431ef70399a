import type { Contact, Duplicate, Run } from '@rapport/core'
import { adminFrame } from './admin-frame.js'
import { byId, element } from './element.js'
import type { MergeDecision } from './pair-comparison.js'
import { pairView } from './pair-view.js'
import { countWords, problemWords } from './problem-words.js'
import { showProgress, watchRun } from './watch-run.js'

const mostShown = 100
/** Of telephone numbers that name none: the shop is there. */
const country = 'US'

const client = adminFrame()
const rows = byId('pair-rows')
const queueStatus = byId('pair-status')
const place = byId('pair')
const scan = byId<HTMLButtonElement>('scan')
const threshold = byId<HTMLSelectElement>('threshold')
const progress = byId<HTMLProgressElement>('scan-progress')
const scanStatus = byId('scan-status')

let pairs: readonly Duplicate[] = []
const contacts = new Map<string, Contact>()

scan.addEventListener('click', async () => {
  scan.disabled = true
  try {
    const options = { object: 'contact', threshold: Number(threshold.value), country } as const
    const run = await watchRun(client, await client.duplicates.scan(options), tell)
    if (run.status !== 'done') throw new Error(run.status)
    await load()
    scanStatus.textContent = `Compared ${countWords(Number(run.result?.records ?? 0))} customers: ${countWords(pairs.length)} pairs to review.`
  } catch (error) {
    scanStatus.textContent = problemWords(error)
  }
  scan.disabled = false
})
void load()

function tell(run: Run): void {
  showProgress(progress, run)
  const { recordsRead = 0 } = run.counts ?? {}
  scanStatus.textContent = recordsRead > 0 ? `Read ${countWords(recordsRead)} customers, comparing …` : 'Looking …'
}

/** The queue as it is now. */
async function load(): Promise<void> {
  try {
    pairs = (await client.duplicates.find({ object: 'contact', limit: mostShown })).items
    const ids = [...new Set(pairs.flatMap(({ leftId, rightId }) => [leftId, rightId]))]
    contacts.clear()
    if (ids.length > 0) {
      const found = await client.contacts.find({ where: { id: { in: ids } }, limit: ids.length })
      for (const contact of found.items) contacts.set(contact.id, contact)
    }
    queueStatus.textContent = pairs.length === 0 ? 'Nothing to review. Import a file, then look for duplicates.' : ''
    rows.replaceChildren(...pairs.map(rowOf))
  } catch (error) {
    queueStatus.textContent = problemWords(error)
  }
}

function rowOf(pair: Duplicate): HTMLElement {
  const [left, right] = bothOf(pair)
  const percent = `${Math.round((pair.probability ?? 0) * 100)} %`
  const button = element(
    'button',
    { type: 'button', class: 'ticket', 'data-pair': pair.id, 'aria-current': 'false' },
    element('span', { class: 'ticket-subject' }, left?.fullName ?? ''),
    element('span', { class: 'ticket-who' }, `and ${right?.fullName ?? ''}, ${right?.primaryEmail ?? ''}`),
    element('span', { class: 'chips' }, element('span', { class: 'chip chip-open' }, percent)),
  )
  button.addEventListener('click', () => void open(pair))
  return element('li', {}, button)
}

async function open(pair: Duplicate): Promise<void> {
  for (const row of rows.querySelectorAll<HTMLElement>('[data-pair]'))
    row.setAttribute('aria-current', String(row.dataset.pair === pair.id))
  const both = bothOf(pair)
  const survivor = mainOf(both)
  const dryRun = (decision: MergeDecision) => client.contacts.merge({ ...commandOf(both, decision), dryRun: true })
  try {
    const preview = await dryRun({ survivorId: survivor.id, fields: {} })
    place.replaceChildren(
      pairView({
        pair,
        contacts: both,
        preview,
        tryOut: dryRun,
        async merge(decision) {
          const ifVersions = Object.fromEntries(both.map(({ id, version }) => [id, version]))
          const { run } = await client.contacts.merge({ ...commandOf(both, decision), ifVersions })
          if (run) await watchRun(client, run, () => undefined)
          const name = both.find(({ id }) => id === decision.survivorId)?.fullName
          await leave(
            element(
              'p',
              {},
              `Merged into ${name ?? ''}. `,
              element('a', { href: '/admin/merges' }, 'See merges, and take it back'),
            ),
          )
        },
        async dismiss() {
          await client.duplicates.dismiss(pair.id)
          await leave(element('p', {}, 'Not a duplicate: they will not be proposed again.'))
        },
      }),
    )
  } catch (error) {
    place.replaceChildren(element('p', { class: 'placeholder' }, problemWords(error)))
  }
}

/** Says what was done, and where the next pair is. */
async function leave(said: HTMLElement): Promise<void> {
  said.setAttribute('role', 'status')
  place.replaceChildren(element('div', { class: 'placeholder' }, said))
  place.focus()
  await load()
}

function bothOf({ leftId, rightId }: Duplicate): readonly [Contact, Contact] {
  return [contacts.get(leftId) as Contact, contacts.get(rightId) as Contact]
}

/** The one to keep unless somebody says otherwise: who bought more, else who is here longer. */
function mainOf([left, right]: readonly [Contact, Contact]): Contact {
  const [ordersLeft, ordersRight] = [left.orderCount ?? 0, right.orderCount ?? 0]
  if (ordersLeft !== ordersRight) return ordersLeft > ordersRight ? left : right
  return left.createdAt <= right.createdAt ? left : right
}

function commandOf(both: readonly [Contact, Contact], { survivorId, fields }: MergeDecision) {
  const mergedIds = both.map(({ id }) => id).filter((id) => id !== survivorId)
  return { survivorId, mergedIds, ...(Object.keys(fields).length > 0 && { fields }) }
}
