import { type NewRow, type Write, writtenId } from '@rapport/core/storage'
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
  const groups: RawGroup[] = []
  const known: KnownGroups = new Map()
  for (const [index, write] of batch.entries()) {
    const shapes = shapesOf(known, write)
    const shape = shapeOf(write)
    let group = shapes.get(shape)
    if (!group) {
      group = { key: keyOf(write), table: tableOf(write.entity), kind: write.do, members: [] }
      groups.push(group)
      shapes.set(shape, group)
    }
    group.members.push({ write, index })
  }
  groups.sort((left, right) => (left.key < right.key ? -1 : 1))
  return groups.map(({ key, table, kind, members }) =>
    groupOf(key, table, kind, locksNothing(members) ? members : inOrderOfIds(members)),
  )
}

interface RawGroup {
  readonly key: string
  readonly table: EntityTable
  readonly kind: Write['do']
  readonly members: Numbered[]
}

/** Groups by entity, kind and shape: looking up three short texts costs less than making one long text for each write. */
type KnownGroups = Map<string, Map<Write['do'], Map<string, RawGroup>>>

function shapesOf(known: KnownGroups, write: Write): Map<string, RawGroup> {
  let kinds = known.get(write.entity)
  if (!kinds) {
    kinds = new Map()
    known.set(write.entity, kinds)
  }
  let shapes = kinds.get(write.do)
  if (!shapes) {
    shapes = new Map()
    kinds.set(write.do, shapes)
  }
  return shapes
}

/** What is absent cannot be locked, so its order is nobody's concern. */
function locksNothing([first]: readonly Numbered[]): boolean {
  return first?.write.do === 'check' && first.write.is === 'absent'
}

function inOrderOfIds(members: readonly Numbered[]): readonly Numbered[] {
  const ids = members.map(({ write }) => writtenId(write))
  if (ids.every((id, index) => index === 0 || (ids[index - 1] as string) <= id)) return members
  const order = ids.map((_, index) => index)
  order.sort((left, right) => ((ids[left] as string) < (ids[right] as string) ? -1 : 1))
  return order.map((index) => members[index] as Numbered)
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
