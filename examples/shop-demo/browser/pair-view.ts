import type { Contact, Duplicate, MergePreview } from '@rapport/core'
import { element } from './element.js'
import { type MatchReason, reasonWords, weightWords } from './match-words.js'
import { type MergeDecision, pairComparison } from './pair-comparison.js'
import { problemWords } from './problem-words.js'

/** What a view of a pair is drawn from, and what it asks for. */
export interface PairViewOptions {
  readonly pair: Duplicate
  readonly contacts: readonly [Contact, Contact]
  readonly preview: MergePreview
  /** What the decision would do. */
  tryOut(decision: MergeDecision): Promise<MergePreview>
  merge(decision: MergeDecision): Promise<void>
  dismiss(): Promise<void>
}

const relationWords: Readonly<Record<string, string>> = {
  order: 'orders',
  ticket: 'tickets',
  activity: 'activities',
  consent: 'statements of consent',
  association: 'links',
  timelineEntry: 'lines of the timeline',
}

/** Two customers side by side: why they may be one, what would become of them, and the decision. */
export function pairView(options: PairViewOptions): HTMLElement {
  const { pair, contacts, preview } = options
  const problem = element('p', { class: 'problem', role: 'alert' })
  const moved = element('p', { class: 'muted', role: 'status' })
  const comparison = pairComparison(contacts, preview, () => void tryOut())
  const merge = element('button', { type: 'button', class: 'primary' }, 'Merge')
  const dismiss = element('button', { type: 'button' }, 'Not a duplicate')
  merge.addEventListener('click', () => act(() => options.merge(comparison.decision())))
  dismiss.addEventListener('click', () => act(() => options.dismiss()))
  tellMoved(preview)

  let newest = 0
  async function tryOut(): Promise<void> {
    const own = ++newest
    try {
      const outcome = await options.tryOut(comparison.decision())
      // Only the newest decision is shown, however late an older one is answered.
      if (own !== newest) return
      comparison.show(outcome)
      tellMoved(outcome)
      problem.textContent = ''
    } catch (error) {
      problem.textContent = problemWords(error)
    }
  }

  function tellMoved({ relations, survivorId }: MergePreview): void {
    const told = Object.entries(relations)
      .filter(([kind, count]) => count > 0 && relationWords[kind] !== undefined)
      .map(([kind, count]) => `${count} ${relationWords[kind]}`)
    const name = contacts.find(({ id }) => id === survivorId)?.fullName ?? ''
    moved.textContent = told.length === 0 ? `Nothing else moves to ${name}.` : `Moves to ${name}: ${told.join(', ')}.`
  }

  async function act(work: () => Promise<void>): Promise<void> {
    merge.disabled = true
    dismiss.disabled = true
    try {
      await work()
    } catch (error) {
      problem.textContent = problemWords(error)
      merge.disabled = false
      dismiss.disabled = false
    }
  }

  const percent = `${Math.round((pair.probability ?? 0) * 100)} %`
  return element(
    'article',
    { class: 'pair' },
    element(
      'header',
      {},
      element('h2', {}, 'One person?'),
      element('p', {}, element('b', { class: 'probability' }, percent), ' likely, because'),
    ),
    reasonList((pair.reasons ?? []) as readonly MatchReason[]),
    element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Side by side' }, comparison.table),
    moved,
    element('div', { class: 'actions' }, merge, dismiss),
    problem,
  )
}

function reasonList(reasons: readonly MatchReason[]): HTMLElement {
  return element(
    'ul',
    { class: 'reasons' },
    ...reasons.map((reason) =>
      element(
        'li',
        { class: reason.effect === 'raises' ? 'chip chip-resolved' : 'chip chip-urgent' },
        reasonWords(reason),
        ' ',
        element('span', { class: 'weight' }, weightWords(reason.evidence)),
      ),
    ),
  )
}
