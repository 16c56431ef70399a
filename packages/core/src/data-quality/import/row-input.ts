import type { Path, Row } from '../../storage/row.js'
import { type Cell, coerceCell, isEmptyCell } from './coerce-cell.js'
import type { MappedColumn } from './column-mapping.js'
import type { RowInput } from './import-target.js'

/** What is wrong with a cell. */
export interface CellFault {
  readonly column: string
  readonly field: Path
  readonly message: string
}

/** What an empty cell does to a record that is there: nothing, or clear the field. */
export type EmptyCells = 'keep' | 'clear'

type Values = Record<string, unknown>

/** The input that a row of cells means, and what is wrong with it. Cells stand in the order of the columns. */
export function rowInput(
  columns: readonly MappedColumn[],
  cells: readonly Cell[],
  empty: EmptyCells = 'keep',
): { readonly input: RowInput; readonly faults: readonly CellFault[] } {
  const input: Values = {}
  const faults: CellFault[] = []
  for (const [index, { column, field, style, lookUp }] of columns.entries()) {
    const cell = cells[index]
    if (isEmptyCell(cell)) {
      if (empty === 'clear' && field.partOf === undefined && field.path !== 'id') placeValue(input, field.path, null)
      continue
    }
    // Its record is looked up with those of the other rows.
    if (lookUp) continue
    const read = coerceCell(field, cell, style)
    if ('fault' in read) faults.push({ column, field: field.path, message: read.fault })
    else if (field.partOf !== undefined) placePart(input, field.partOf, field.path, read.value, style.item)
    else if (Array.isArray(read.value)) append(input, field.path, read.value)
    else placeValue(input, field.path, read.value)
  }
  return { input, faults }
}

/**
 * The patch that brings a record in line with a row. Values of a list are added to those that are there (`add`) or stand in for
 * them (`replace`); of a nested object, what the row does not name stays.
 */
export function patchFor(
  columns: readonly MappedColumn[],
  before: Row,
  input: RowInput,
  lists: 'add' | 'replace',
): RowInput {
  const { id: _, ...patch } = input as Values
  const kinds = new Map(columns.map(({ field }) => [field.partOf ?? field.path, field.kind]))
  for (const [name, value] of Object.entries(patch)) {
    if (name === 'custom') {
      patch.custom = joinedCustom(kinds, before, value as RowInput, lists)
    } else if (Array.isArray(value)) {
      if (lists === 'add') patch[name] = joinedList(before[name], value)
    } else if (typeof value === 'object' && value !== null && kinds.get(name) !== 'json') {
      patch[name] = { ...nestedOf(before, name), ...value }
    } else if (value === null && isRequiredList(before, name)) patch[name] = []
  }
  return patch
}

function joinedCustom(
  kinds: ReadonlyMap<Path, string>,
  before: Row,
  custom: RowInput,
  lists: 'add' | 'replace',
): RowInput {
  const old = (before.custom ?? {}) as RowInput
  return Object.fromEntries(
    Object.entries(custom).map(([key, value]) => [
      key,
      lists === 'add' && kinds.get(`custom.${key}`) === 'choices' && Array.isArray(value)
        ? joinedList(old[key], value)
        : value,
    ]),
  )
}

/** What is there, then what is new; an object is there when one has all of its properties. */
function joinedList(before: unknown, added: readonly unknown[]): unknown[] {
  const joined = Array.isArray(before) ? [...(before as unknown[])] : []
  const covers = (has: unknown, wanted: unknown): boolean =>
    typeof wanted === 'object' && wanted !== null && typeof has === 'object' && has !== null
      ? Object.entries(wanted).every(([name, value]) => (has as Values)[name] === value)
      : has === wanted
  for (const item of added) if (!joined.some((has) => covers(has, item))) joined.push(item)
  return joined
}

function nestedOf(before: Row, name: string): Values {
  const nested: Values = {}
  for (const path of Object.keys(before)) {
    if (path.startsWith(`${name}.`) && before[path] !== undefined) nested[path.slice(name.length + 1)] = before[path]
  }
  return nested
}

function isRequiredList(before: Row, name: string): boolean {
  return Array.isArray(before[name])
}

/** Puts a value at a path of an input. */
export function placeValue(input: Values, path: Path, value: unknown): void {
  const dot = path.indexOf('.')
  if (dot < 0) {
    input[path] = value
    return
  }
  const [name, rest] = [path.slice(0, dot), path.slice(dot + 1)]
  const inner = (input[name] ?? {}) as Values
  input[name] = inner
  placeValue(inner, rest, value)
}

function append(input: Values, path: Path, items: readonly unknown[]): void {
  const dot = path.indexOf('.')
  const owner = dot < 0 ? input : ((input[path.slice(0, dot)] ?? {}) as Values)
  if (dot >= 0) input[path.slice(0, dot)] = owner
  const name = path.slice(dot + 1)
  owner[name] = joinedList(owner[name], items)
}

/** Columns such as `addresses.city` and `addresses.line1` make one item together. */
function placePart(input: Values, list: Path, path: Path, value: unknown, fixed: RowInput | undefined): void {
  const items = (input[list] ?? []) as Values[]
  const item = items[0] ?? { ...fixed }
  items[0] = item
  input[list] = items
  placeValue(item, path.slice(list.length + 1), value)
}
