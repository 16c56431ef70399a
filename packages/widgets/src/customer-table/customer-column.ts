import type { CustomerRecord } from '../element/gateway.js'
import { isMoney } from '../element/is-money.js'
import { readPath } from '../element/read-path.js'
import type { Localiser } from '../localisation/localiser.js'

/**
 * How a column reads, sorts and shows its value:
 * `person` a name with an avatar · `text` · `number` · `day` an ISO instant · `share` a ratio of 0 to 1 as a bar ·
 * `money` an object with `amountMinor` and `currency` · `stage`, `segment`, `tier` a value of a closed set as a chip.
 */
export type CustomerColumnKind = 'person' | 'text' | 'number' | 'day' | 'share' | 'money' | 'stage' | 'segment' | 'tier'

/** A column of the customer table. */
export interface CustomerColumn {
  /** Dotted path of the value in the record, such as `scores.clv.probabilityAlive`. Unique in the table. */
  readonly key: string
  readonly kind: CustomerColumnKind
  /** Heading; without it the translated name of a well-known key, else the key itself. */
  readonly label?: string
  /** CSS grid track, such as `minmax(10rem, 1fr)`. */
  readonly width?: string
}

/** What a column sorts by; `undefined` is missing and sorts last in both directions. */
export type SortValue = string | number | undefined

/** The columns of a table whose host names none. */
export const defaultCustomerColumns: readonly CustomerColumn[] = [
  { key: 'fullName', kind: 'person', width: 'minmax(12.5rem, 1.5fr)' },
  { key: 'primaryEmail', kind: 'text', width: 'minmax(14.5rem, 1.7fr)' },
  { key: 'lifecycleStage', kind: 'stage', width: 'minmax(8.5rem, 1fr)' },
  { key: 'lastOrderAt', kind: 'day', width: 'minmax(8rem, .9fr)' },
  { key: 'orderCount', kind: 'number', width: 'minmax(6.75rem, .6fr)' },
  { key: 'scores.clv.probabilityAlive', kind: 'share', width: 'minmax(8.75rem, 1fr)' },
  { key: 'scores.clv', kind: 'money', width: 'minmax(9.5rem, .9fr)' },
  { key: 'scores.rfm.segment', kind: 'segment', width: 'minmax(10rem, 1.1fr)' },
]

const plainKinds: ReadonlySet<CustomerColumnKind> = new Set(['person', 'text'])
const numericKinds: ReadonlySet<CustomerColumnKind> = new Set(['number', 'day', 'share', 'money'])

/** Whether the column holds quantities, which people first want to see from the largest down. */
export function isNumericColumn(column: CustomerColumn): boolean {
  return numericKinds.has(column.kind)
}

/** The heading of a column. */
export function columnLabel(column: CustomerColumn, localiser: Localiser): string {
  return column.label ?? localiser.label('column', column.key)
}

/** The value a column sorts by: the collated text, the number, or the instant in milliseconds. */
export function sortValue(column: CustomerColumn, record: CustomerRecord, localiser: Localiser): SortValue {
  const value = readPath(record, column.key)
  if (column.kind === 'money') return finite(isMoney(value) ? value.amountMinor : undefined)
  if (column.kind === 'day') return typeof value === 'string' ? finite(Date.parse(value)) : undefined
  if (isNumericColumn(column)) return finite(value)
  return cellText(column, record, localiser) || undefined
}

/** The text of a cell, as shown and as filtered; empty when the value is missing. */
export function cellText(column: CustomerColumn, record: CustomerRecord, localiser: Localiser): string {
  const value = readPath(record, column.key)
  if (value === undefined) return ''
  if (plainKinds.has(column.kind)) return String(value)
  if (column.kind === 'money') return isMoney(value) ? localiser.money(value) : ''
  if (column.kind === 'day') return localiser.day(String(value))
  if (column.kind === 'number') return localiser.number(Number(value))
  if (column.kind === 'share') return localiser.share(Number(value))
  return localiser.label(column.kind, String(value))
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
