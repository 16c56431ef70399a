import type { ImportRowError, RowCounts, RowOutcome } from '@rapport/core'
import { element } from './element.js'
import { fieldWords } from './field-words.js'
import { countWords } from './problem-words.js'

const outcomes: Readonly<Record<RowOutcome, string>> = {
  created: 'New',
  updated: 'Updated',
  unchanged: 'Known, nothing new',
  skipped: 'Left out',
  failed: 'Wrong',
}

/** Rows by what becomes of them, as tiles. */
export function countTiles(counts: Partial<RowCounts>): HTMLElement[] {
  return (Object.keys(outcomes) as RowOutcome[]).map((outcome) =>
    element(
      'div',
      {},
      element('dt', {}, outcomes[outcome]),
      element('dd', { class: 'value', 'data-outcome': outcome }, countWords(counts[outcome] ?? 0)),
    ),
  )
}

/** Rows that were or would be left out, with what to do about each. */
export function errorTable(errors: readonly ImportRowError[], caption: string): HTMLElement {
  const rows = errors.map(({ row, column, field, message }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, String(row)),
      element('td', {}, column ?? (field === undefined ? 'the whole row' : fieldWords(field))),
      element('td', {}, message),
    ),
  )
  const heads = ['Row', 'Column', 'What to mend'].map((head) => element('th', { scope: 'col' }, head))
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    element(
      'table',
      { class: 'errors' },
      element('caption', {}, caption),
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...rows),
    ),
  )
}
