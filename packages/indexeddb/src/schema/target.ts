import { type EntityDef, invalidField, type Path, resolvePath } from '@rapport/core/storage'
import { termTypes } from '../index-term.js'
import type { StoredIndex } from './catalogue.js'

/** A number of rows that is kept at hand per tenant and values of some fields, for dashboards. */
export interface CounterDef {
  readonly entity: string
  /** Fields with one value each that rows are counted by; none for the number of all rows. */
  readonly by: readonly Path[]
}

/** An index as it shall be. */
export type IndexTarget = Omit<StoredIndex, 'slot' | 'ready'>

/** One entity as it shall be kept. */
export interface EntityTarget {
  readonly name: string
  readonly indexes: readonly IndexTarget[]
  readonly counters: readonly (readonly Path[])[]
}

/** What definitions and counters ask for. Throws `validation_failed` for an index or a counter that cannot be kept. */
export function targetsOf(definitions: readonly EntityDef[], counters: readonly CounterDef[]): EntityTarget[] {
  return definitions.map((def) => ({
    name: def.name,
    indexes: def.indexes.map(({ name, on, kind = 'order', unique = false, live = false }) => {
      return { name, kind, on, types: termTypes(def, on, kind), unique, live }
    }),
    counters: counters.filter(({ entity }) => entity === def.name).map(({ by }) => counterPaths(def, by)),
  }))
}

/** Whether an index is kept as it shall be. */
export function isSameIndex(stored: StoredIndex, target: IndexTarget): boolean {
  return signature(stored) === signature(target)
}

/** Whether two counters count by the same fields. */
export function isSameCounter(left: readonly Path[], right: readonly Path[]): boolean {
  return left.length === right.length && left.every((path, place) => path === right[place])
}

function signature({ name, kind, on, types, unique, live }: IndexTarget): string {
  return JSON.stringify([name, kind, on, types, unique, live])
}

function counterPaths(def: EntityDef, by: readonly Path[]): readonly Path[] {
  for (const path of by) {
    const target = resolvePath(def, path)
    if (!target) throw invalidField(path, `${def.name} has no such field; count by a declared one`)
    if (target.type === 'json' || target.type === 'text[]') {
      throw invalidField(path, 'rows are counted by fields with one value')
    }
  }
  return by
}
