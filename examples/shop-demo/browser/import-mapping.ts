import type { ColumnSuggestion, ColumnTarget, ImportMapping } from '@rapport/core'
import { element } from './element.js'
import { fieldWords, importFields } from './field-words.js'

/** Where the columns of a file go, as somebody decides it. */
export interface MappingTable {
  /** What is chosen now. */
  mapping(): ImportMapping
  /** Columns of which nobody said yet how they are to be read. */
  unsaid(): readonly string[]
}

type Need = ColumnSuggestion['needs'][number]

const readings: Readonly<Record<Need, readonly (readonly [value: string, words: string])[]>> = {
  dateOrder: [
    ['dayFirst', 'day first: 3/4 is 3 April'],
    ['monthFirst', 'month first: 3/4 is March 4'],
  ],
  decimal: [
    ['.', 'point: 1.5'],
    [',', 'comma: 1,5'],
  ],
  zone: [
    ['Z', 'universal time'],
    ['+08:00', 'China (+08:00)'],
    ['+01:00', 'Central Europe (+01:00)'],
    ['-05:00', 'US East (-05:00)'],
  ],
  currency: [
    ['USD', 'US dollars'],
    ['EUR', 'euros'],
    ['CNY', 'yuan'],
  ],
  item: [['file', 'ids of the file']],
}

const reasons: Readonly<Record<string, string>> = {
  name: 'its name',
  word: 'an everyday word for it',
  label: 'your name for it',
  part: 'part of its name',
  values: 'the values look like it',
  against: 'though the values do not',
}

const sureEnough = 0.5

/** Draws a row for each column, with what was suggested already chosen. */
export function mappingTable(
  rows: HTMLElement,
  columns: readonly ColumnSuggestion[],
  samples: readonly (readonly string[])[],
  onChange: () => void,
): MappingTable {
  const chosen = columns.map((suggestion, index) => {
    const row = mappingRow(suggestion, index, samples[index] ?? [], onChange)
    return { column: suggestion.column, ...row }
  })
  rows.replaceChildren(...chosen.map(({ row }) => row))
  return {
    mapping: () =>
      Object.fromEntries(
        chosen.flatMap(({ column, target }) => {
          const to = target()
          return to === undefined ? [] : [[column, to] as const]
        }),
      ),
    unsaid: () => chosen.filter(({ isUnsaid }) => isUnsaid()).map(({ column }) => column),
  }
}

interface MappingRow {
  readonly row: HTMLElement
  target(): ColumnTarget | undefined
  isUnsaid(): boolean
}

/** The roles are said, since a narrow screen shows rows as blocks and a browser then forgets that they are rows. */
function mappingRow(
  suggestion: ColumnSuggestion,
  index: number,
  samples: readonly string[],
  onChange: () => void,
): MappingRow {
  const { column } = suggestion
  const best = suggestion.fields.find(({ confidence }) => confidence >= sureEnough)
  const field = element(
    'select',
    { 'aria-label': `${column}: goes to`, id: `field-${index}` },
    element('option', { value: '' }, 'leave out'),
    ...importFields.map((path) => element('option', { value: path, selected: path === best?.field }, fieldWords(path))),
  )
  const reading = element('td', { role: 'cell' })
  let asked: readonly (readonly [Need, HTMLSelectElement])[] = []

  function askHow(): void {
    asked = needsOf(suggestion, field.value).map((need) => [need, readingSelect(column, need, onChange)] as const)
    reading.replaceChildren(...asked.map(([, select]) => select))
    onChange()
  }
  field.addEventListener('change', askHow)
  askHow()

  const row = element(
    'tr',
    { role: 'row' },
    element('th', { scope: 'row', role: 'rowheader' }, column),
    element(
      'td',
      { class: 'samples', role: 'cell' },
      ...samples.flatMap((sample) => [element('span', {}, sample), ' ']),
    ),
    element('td', { role: 'cell' }, field),
    reading,
    element('td', { class: 'muted', role: 'cell' }, best ? whyWords(best) : ''),
  )
  return {
    row,
    isUnsaid: () => field.value !== '' && asked.some(([, select]) => select.value === ''),
    target() {
      if (field.value === '') return undefined
      const style = Object.fromEntries(
        asked
          .filter(([, select]) => select.value !== '')
          .map(([need, { value }]) => (need === 'item' ? [need, { system: value }] : [need, value])),
      )
      return { field: field.value, ...style }
    },
  }
}

function needsOf({ fields, needs }: ColumnSuggestion, field: string): readonly Need[] {
  if (field === fields[0]?.field) return needs
  return field === 'externalRefs' ? ['item'] : []
}

function readingSelect(column: string, need: Need, onChange: () => void): HTMLSelectElement {
  const options = readings[need]
  const isOpen = options.length > 1
  return element(
    'select',
    { 'aria-label': `${column}: read as`, onchange: onChange },
    isOpen ? element('option', { value: '' }, 'say how …') : undefined,
    ...options.map(([value, words]) => element('option', { value }, words)),
  )
}

function whyWords({ confidence, why }: ColumnSuggestion['fields'][number]): string {
  return `${Math.round(confidence * 100)} %: ${why.map((reason) => reasons[reason] ?? reason).join(', ')}`
}
