import { readMany } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { type Cell, coerceCell } from './coerce-cell.js'
import type { MappedColumn } from './column-mapping.js'
import type { ImportTarget, ImportTargets, KeyOwners, MatchKey } from './import-target.js'
import { matchKeyNamed } from './match-key.js'
import { type CellFault, placeValue } from './row-input.js'

/** A column whose cells name records of another kind by something else than their id. */
export interface RowReference {
  /** Its place among the mapped columns. */
  readonly index: number
  readonly column: MappedColumn
  readonly target: ImportTarget
  readonly key: MatchKey
}

/** A record that a row names. */
export interface NamedRecord {
  readonly reference: RowReference
  readonly key: string
}

/** The columns that name other records, with what finds those. */
export function rowReferences(columns: readonly MappedColumn[], targets: ImportTargets): RowReference[] {
  return columns.flatMap((column, index) => {
    const target = column.lookUp && targets.get(column.lookUp.object)
    return column.lookUp && target ? [{ index, column, target, key: matchKeyNamed(target, column.lookUp.by) }] : []
  })
}

/** The key of the record that a cell names, made as the other record's own. */
export function namedRecord(reference: RowReference, cell: Cell): NamedRecord | CellFault {
  const { column, style, lookUp, field } = reference.column
  const input: Record<string, unknown> = {}
  const read = lookUp ? coerceCell(lookUp.field, cell, style) : { value: cell }
  if ('fault' in read) return { column, field: field.path, message: read.fault }
  placeValue(input, reference.key.field, read.value)
  const key = reference.key.keyOf(input)
  return key === undefined
    ? { column, field: field.path, message: `must name one ${reference.target.entity.name}` }
    : { reference, key }
}

/** What is known of the records that rows name. */
export interface FoundRecords {
  /** The id of a named record, or why there is none. */
  idOf(
    named: NamedRecord,
  ): { readonly id: string } | { readonly code: 'not_found' | 'conflict'; readonly message: string }
}

/** Finds the records that rows name, with a fixed number of reads for each column. */
export async function findRecordsNamed(
  context: SessionContext,
  references: readonly RowReference[],
  named: readonly NamedRecord[],
): Promise<FoundRecords> {
  const owners = new Map<RowReference, KeyOwners>()
  const readable = new Set<string>()
  for (const reference of references) {
    const keys = [...new Set(named.flatMap((one) => (one.reference === reference ? [one.key] : [])))]
    if (keys.length === 0) continue
    const found = await reference.key.find(context, keys)
    owners.set(reference, found)
    const ids = [...new Set([...found.values()].flat())]
    for (const row of ids.length === 0 ? [] : await readMany(context, reference.target.entity, ids))
      if (row) readable.add(row.id)
  }
  return {
    idOf({ reference, key }) {
      const { name } = reference.target.entity
      const ids = (owners.get(reference)?.get(key) ?? []).filter((id) => readable.has(id))
      if (ids.length > 1) return { code: 'conflict', message: `names more than one ${name}: use another key` }
      const [id] = ids
      return id === undefined ? { code: 'not_found', message: `names no ${name}: import those first` } : { id }
    },
  }
}
