import type { Path } from './row.js'

/**
 * Kind of a stored field.
 *
 * | type | JavaScript value | order |
 * |---|---|---|
 * | `text` | well-formed string without U+0000 | by code point |
 * | `int` | safe integer | numeric |
 * | `float` | finite number | numeric |
 * | `bool` | boolean | false before true |
 * | `instant` | ISO string with exactly milliseconds | by time |
 * | `text[]` | array of strings, no order promised for `has` | not orderable |
 * | `json` | any JSON value | not orderable |
 */
export type FieldType = 'text' | 'int' | 'float' | 'bool' | 'instant' | 'text[]' | 'json'

/** One stored field. */
export interface FieldDef {
  readonly type: FieldType
  /** Always present. Lets adapters declare the column not null and use one index for both directions. */
  readonly required?: boolean
}

/** What a place inside a `json` field is kept as in a column of its own: a JSON string, number or boolean. */
export type PromotedType = Extract<FieldType, 'text' | 'float' | 'bool'>

/** One term of an index or order: a path, with `-` before it for descending. */
export type OrderTerm = Path | `-${Path}`

/**
 * What an index must serve.
 * - `order` (default): equality on leading paths, then range or order on the rest; the id is appended.
 * - `member`: `has` and `hasAny` on one `text[]` field.
 * - `terms`: overlap search on one `text[]` field of search terms.
 */
export interface IndexDef {
  /** Unique within the entity; lower-case words joined by `_`. */
  readonly name: string
  readonly on: readonly OrderTerm[]
  readonly kind?: 'order' | 'member' | 'terms'
  /** No two rows of a tenant share these values. A row that lacks any of them never collides. */
  readonly unique?: boolean
  /** Holds only rows without `deletedAt`; serves queries that ask for `isNull deletedAt`. */
  readonly live?: boolean
}

/**
 * A collection described as data: all an adapter knows of an entity. `id` and `version` are implied, every other stored
 * path is listed. Rows are keyed by (tenant, id).
 */
export interface EntityDef {
  /** camelCase, such as `contactPoint`. */
  readonly name: string
  readonly fields: Readonly<Record<Path, FieldDef>>
  readonly indexes: readonly IndexDef[]
  /**
   * Places inside `json` fields, such as `custom.region`, that the storage also keeps in columns; see `Capabilities.promoted`. They are
   * compared by range, ordered and aggregated as their type, under which a value of another type counts as missing.
   */
  readonly promoted?: Readonly<Record<Path, PromotedType>>
}

/** Where a path leads in a row: a declared field, or a place inside a declared `json` field. */
export interface PathTarget {
  readonly field: Path
  readonly type: FieldType
  readonly required: boolean
  /** Keys below the `json` field; empty for a declared field itself. */
  readonly inside: readonly string[]
  /** Type under which a promoted place is compared by range and ordered. */
  readonly promoted?: PromotedType
}

const implied: Readonly<Record<Path, FieldDef>> = {
  id: { type: 'text', required: true },
  version: { type: 'int', required: true },
}

/** Resolves a path of an entity; `undefined` when nothing declares it. */
export function resolvePath(def: EntityDef, path: Path): PathTarget | undefined {
  const declared =
    (Object.hasOwn(def.fields, path) ? def.fields[path] : undefined) ??
    (Object.hasOwn(implied, path) ? implied[path] : undefined)
  if (declared) return { field: path, type: declared.type, required: declared.required === true, inside: [] }
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const prefix = path.slice(0, dot)
    const parent = Object.hasOwn(def.fields, prefix) ? def.fields[prefix] : undefined
    if (parent?.type === 'json') {
      const promoted = def.promoted && Object.hasOwn(def.promoted, path) ? def.promoted[path] : undefined
      const inside = path.slice(dot + 1).split('.')
      return { field: prefix, type: 'json', required: false, inside, ...(promoted && { promoted }) }
    }
  }
  return undefined
}

/** Splits an order term into its path and direction. */
export function parseOrderTerm(term: OrderTerm): { path: Path; descending: boolean } {
  return term.startsWith('-') ? { path: term.slice(1), descending: true } : { path: term, descending: false }
}
