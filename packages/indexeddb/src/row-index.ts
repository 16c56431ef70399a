import { type OrderTerm, type Path, parseOrderTerm, type Row } from '@rapport/core/storage'
import { compileTerm, type IndexTerm, textPiece } from './index-term.js'
import { entryPrefix, type IndexEntry, idTerm, rowPrefix } from './layout.js'
import type { StoredIndex } from './schema/catalogue.js'

/** Keys in the order of some terms: those of the rows themselves, or of an index of kind `order`. */
export interface KeySpace {
  /** The terms of a key, the id among them. */
  readonly terms: readonly IndexTerm[]
  /** Holds rows without `deletedAt` only. */
  readonly live: boolean
  /** How many leading terms are unique together. */
  readonly uniqueTerms: number | undefined
  /** What all keys of a tenant begin with. */
  prefix(tenantId: string): string
  /** Where the keys are: an index over `StoredRecord`, or the rows themselves. */
  readonly isIndex: boolean
}

/** The rows of one entity in the order of their ids. */
export function primarySpace(entity: string): KeySpace {
  return {
    terms: [idTerm],
    live: false,
    uniqueTerms: undefined,
    prefix: (tenantId) => rowPrefix(tenantId, entity),
    isIndex: false,
  }
}

/** The text of a row's key in a space. */
export function keyText(space: KeySpace, tenantId: string, row: Row): string {
  let text = space.prefix(tenantId)
  for (const { path, encode } of space.terms) text += encode(row[path])
  return text
}

/** An index of kind `order`, ready to make entries. */
export class OrderedIndex implements KeySpace {
  readonly name: string
  readonly ready: boolean
  readonly live: boolean
  readonly uniqueTerms: number | undefined
  readonly terms: readonly IndexTerm[]
  readonly isIndex = true
  readonly #slot: number

  constructor({ slot, name, on, types, unique, live, ready }: StoredIndex) {
    this.#slot = slot
    this.name = name
    this.ready = ready
    this.live = live
    this.uniqueTerms = unique ? on.length : undefined
    const terms = on.map((term, place) => compileTerm(term, types[place] ?? 'text'))
    this.terms = on.some((term) => parseOrderTerm(term).path === 'id') ? terms : [...terms, lastTerm(on)]
  }

  prefix(tenantId: string): string {
    return entryPrefix(this.#slot, tenantId)
  }

  /** Adds the entries of a row. */
  addEntries(tenantId: string, row: Row, entries: IndexEntry[]): void {
    if (!this.live || row.deletedAt === undefined) entries.push(keyText(this, tenantId, row))
  }

  /** The entry by which a row excludes others; none when it lacks a value or the index is not unique. */
  uniqueEntry(tenantId: string, row: Row): IndexEntry | undefined {
    if (this.uniqueTerms === undefined || (this.live && row.deletedAt !== undefined)) return undefined
    let text = this.prefix(tenantId)
    for (const { path, encode } of this.terms.slice(0, this.uniqueTerms)) {
      if (row[path] === undefined) return undefined
      text += encode(row[path])
    }
    return text
  }
}

/** An index of kind `member` or `terms`: one entry per different member of a list. */
export class MemberIndex {
  readonly path: Path
  readonly kind: StoredIndex['kind']
  readonly ready: boolean
  readonly #slot: number
  readonly #live: boolean

  constructor({ slot, on, kind, live, ready }: StoredIndex) {
    this.path = parseOrderTerm(on[0] ?? 'id').path
    this.kind = kind
    this.ready = ready
    this.#slot = slot
    this.#live = live
  }

  get live(): boolean {
    return this.#live
  }

  /** The entry of all rows that hold a member. */
  entry(tenantId: string, member: string): IndexEntry {
    return entryPrefix(this.#slot, tenantId) + textPiece(member)
  }

  /** Adds the entries of a row. */
  addEntries(tenantId: string, row: Row, entries: IndexEntry[]): void {
    const members = row[this.path]
    if (!Array.isArray(members) || (this.#live && row.deletedAt !== undefined)) return
    for (const member of new Set(members as readonly string[])) entries.push(this.entry(tenantId, member))
  }
}

/** The id behind the terms of an index, in the direction of the term before it, as queries have it. */
function lastTerm(on: readonly OrderTerm[]): IndexTerm {
  return on.at(-1)?.startsWith('-') ? compileTerm('-id', 'text') : idTerm
}
