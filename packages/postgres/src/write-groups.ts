import type { NewRow, Write } from '@rapport/core/storage'
import type { EntityTable } from './schema/tables.js'

type WriteOf<Kind extends Write['do']> = Extract<Write, { do: Kind }>

/** A write with its position in the batch. */
export interface Numbered<W extends Write = Write> {
  readonly write: W
  readonly index: number
}

/** Writes of one kind and shape to one table, which one part of a statement carries out together, in the order of their ids. */
export type WriteGroup = {
  readonly table: EntityTable
  /** Tells groups apart whose statements differ: with the same key, only values differ. */
  readonly key: string
} & (
  | (RowGroup & { readonly kind: 'insert'; readonly members: readonly Numbered<WriteOf<'insert'>>[] })
  | (RowGroup & { readonly kind: 'upsert'; readonly members: readonly Numbered<WriteOf<'upsert'>>[] })
  | { readonly kind: 'patch'; readonly members: readonly Numbered<WriteOf<'patch'>>[] }
  | { readonly kind: 'delete'; readonly members: readonly Numbered<WriteOf<'delete'>>[] }
  | { readonly kind: 'check'; readonly members: readonly Numbered<WriteOf<'check'>>[] }
)

interface RowGroup {
  /** The fields that any of the rows has, in order. */
  readonly paths: readonly string[]
}

/** Unique values are given up before others take them. */
const kindOrder: readonly Write['do'][] = ['check', 'delete', 'patch', 'upsert', 'insert']

/**
 * Sorts a checked batch into groups. Tables, kinds and ids come in a fixed order, so that batches that run side by side lock rows in
 * the same order and seldom wait for each other in a circle.
 */
export function groupWrites(tableOf: (entity: string) => EntityTable, batch: readonly Write[]): WriteGroup[] {
  const [only] = batch
  if (batch.length === 1 && only)
    return [groupOf(keyOf(only), tableOf(only.entity), only.do, [{ write: only, index: 0 }])]
  const groups = new Map<string, { table: EntityTable; kind: Write['do']; members: Numbered[] }>()
  let last: { table: EntityTable; kind: Write['do']; members: Numbered[] } | undefined
  for (const [index, write] of batch.entries()) {
    // A long run of rows for one table needs no key each.
    if (last && isRow(write) && last.kind === write.do && last.table.def.name === write.entity) {
      last.members.push({ write, index })
      continue
    }
    const key = keyOf(write)
    last = groups.get(key)
    if (!last) {
      last = { table: tableOf(write.entity), kind: write.do, members: [] }
      groups.set(key, last)
    }
    last.members.push({ write, index })
  }
  const sorted = groups.size === 1 ? [...groups] : [...groups].sort(([left], [right]) => (left < right ? -1 : 1))
  return sorted.map(([key, { table, kind, members }]) => {
    if (members.length > 1) members.sort((left, right) => (idOf(left.write) < idOf(right.write) ? -1 : 1))
    return groupOf(key, table, kind, members)
  })
}

function keyOf(write: Write): string {
  return `${write.entity}\n${kindOrder.indexOf(write.do)}\n${shapeOf(write)}`
}

function groupOf(key: string, table: EntityTable, kind: Write['do'], members: readonly Numbered[]): WriteGroup {
  const number = members.length === 1 ? 'one' : 'many'
  if (kind !== 'insert' && kind !== 'upsert') return { table, kind, members, key: `${key}\n${number}` } as WriteGroup
  const paths = usedPaths((members as Numbered<WriteOf<'insert' | 'upsert'>>[]).map(({ write }) => write.row))
  return { table, kind, members, paths, key: `${key}\n${number}\n${paths.join('\n')}` } as WriteGroup
}

/** The fields that any of the rows has, in order. */
export function usedPaths(rows: Iterable<NewRow>): string[] {
  const used = new Set<string>()
  for (const row of rows) for (const path in row) used.add(path)
  return [...used].sort()
}

function isRow(write: Write): boolean {
  return write.do === 'insert' || write.do === 'upsert'
}

function idOf(write: Write): string {
  return write.do === 'insert' || write.do === 'upsert' ? write.row.id : write.id
}

/** What the text of a statement depends on, apart from the table and the kind. Rows share a text over all their fields. */
function shapeOf(write: Write): string {
  switch (write.do) {
    case 'insert':
    case 'upsert':
      return ''
    case 'patch':
      return [
        namesOf(write.set),
        namesOf(write.add),
        namesOf(write.max),
        namesOf(write.min),
        write.ifVersion === undefined ? '' : 'versioned',
        write.touch === false ? 'untouched' : '',
      ].join('\t')
    case 'delete':
      return String(write.ifVersion === undefined)
    case 'check':
      return typeof write.is === 'number' ? 'version' : write.is
  }
}

function namesOf(part: object | undefined): string {
  return part === undefined ? '' : Object.keys(part).sort().join('\n')
}
