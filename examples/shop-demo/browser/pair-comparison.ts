import type { Contact, MergePreview } from '@rapport/core'
import { element } from './element.js'
import { fieldWords, valueWords } from './field-words.js'

/** What somebody decided about two records: which stays, and whose value a field takes. */
export interface MergeDecision {
  readonly survivorId: string
  readonly fields: Readonly<Record<string, { readonly take: string }>>
}

/** Two records side by side with what would become of them. */
export interface PairComparison {
  readonly table: HTMLElement
  decision(): MergeDecision
  /** Shows the outcome of the decision. */
  show(preview: MergePreview): void
}

/** Draws the table once; roles are said, since a narrow screen shows its rows as blocks; what is decided changes single cells, so that the focus stays where it is. */
export function pairComparison(
  [left, right]: readonly [Contact, Contact],
  preview: MergePreview,
  onDecision: () => void,
): PairComparison {
  let survivorId = preview.survivorId
  const taken: Record<string, { take: string }> = {}
  const outcomes = new Map<string, HTMLElement>()
  const radios: { readonly field: string; readonly id: string; readonly input: HTMLInputElement }[] = []

  const heads = [left, right].map((contact) => {
    const input = element('input', { type: 'radio', name: 'survivor', checked: contact.id === survivorId })
    input.addEventListener('change', () => {
      survivorId = contact.id
      onDecision()
    })
    const orders = `${contact.orderCount ?? 0} orders`
    return element(
      'th',
      { scope: 'col', role: 'columnheader' },
      element('label', {}, input, ` ${contact.fullName ?? ''} stays`),
      element('small', {}, orders),
    )
  })

  const rows = preview.fields.flatMap((choice) => {
    const [mine, theirs] = [left, right].map((contact) => valueWords(fieldValue(contact, choice.field))) as [
      string,
      string,
    ]
    if (mine === '' && theirs === '') return []
    const isOpen = choice.source !== 'combined' && mine !== '' && theirs !== '' && mine !== theirs
    const cells = [
      { contact: left, text: mine },
      { contact: right, text: theirs },
    ].map(({ contact, text }) => {
      if (!isOpen) return element('td', { role: 'cell' }, text)
      const input = element('input', {
        type: 'radio',
        name: `field-${choice.field}`,
        checked: choice.source === contact.id,
      })
      input.addEventListener('change', () => {
        taken[choice.field] = { take: contact.id }
        onDecision()
      })
      radios.push({ field: choice.field, id: contact.id, input })
      return element('td', { role: 'cell' }, element('label', {}, input, ` ${text}`))
    })
    const outcome = element('td', { class: 'outcome', role: 'cell' })
    outcomes.set(choice.field, outcome)
    const head = element('th', { scope: 'row', role: 'rowheader' }, fieldWords(choice.field))
    return element('tr', { role: 'row', class: mine === theirs ? undefined : 'differs-here' }, head, ...cells, outcome)
  })

  const table = element(
    'table',
    { class: 'compare', role: 'table' },
    element(
      'thead',
      { role: 'rowgroup' },
      element(
        'tr',
        { role: 'row' },
        element('th', { scope: 'col', role: 'columnheader' }, 'Field'),
        ...heads,
        element('th', { scope: 'col', role: 'columnheader' }, 'After the merge'),
      ),
    ),
    element('tbody', { role: 'rowgroup' }, ...rows),
  )
  const show = ({ fields }: MergePreview): void => {
    for (const { field, value, source } of fields) {
      const cell = outcomes.get(field)
      if (cell) cell.textContent = valueWords(value)
      for (const radio of radios) if (radio.field === field) radio.input.checked = radio.id === source
    }
  }
  show(preview)
  return { table, decision: () => ({ survivorId, fields: { ...taken } }), show }
}

function fieldValue(contact: Contact, field: string): unknown {
  return (contact as unknown as Readonly<Record<string, unknown>>)[field]
}
