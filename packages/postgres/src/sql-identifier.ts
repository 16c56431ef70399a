/** PostgreSQL cuts identifiers behind this many bytes. */
export const identifierBytes = 63

const encoder = new TextEncoder()

/** Words of a plain path, such as `scores.clv.probabilityAlive`. */
const plainPath = /^[a-z][a-zA-Z0-9]*(?:\.[a-z0-9][a-zA-Z0-9]*)*$/

/** Column names that PostgreSQL or this adapter keep for themselves. */
const reservedColumns: ReadonlySet<string> = new Set(['tenant_id', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'])

/** Table names this adapter keeps for itself. */
const reservedTables: ReadonlySet<string> = new Set(['change', 'rapport_schema'])

/** An identifier as it stands in SQL. Any text is safe. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Column of a path: `lastOrderAt` is `last_order_at`, `scores.clv.value` is `scores__clv__value`. Different paths never meet. */
export function columnName(path: string): string {
  return storedName(path, reservedColumns)
}

/** Table of an entity: `contactPoint` is `contact_point`. */
export function tableName(entity: string): string {
  return storedName(entity, reservedTables)
}

/** A name within the limit of bytes; one that is cut ends with its fingerprint and so stays different from others. */
export function shortenIdentifier(name: string): string {
  if (byteLength(name) <= identifierBytes) return name
  const ending = `_${fingerprint(name)}`
  let head = name
  while (byteLength(head) > identifierBytes - ending.length) head = head.slice(0, -1)
  return (head.isWellFormed() ? head : head.slice(0, -1)) + ending
}

/** Sixteen hexadecimal digits that tell texts apart: two runs of 32-bit FNV-1a with different starts. */
export function fingerprint(text: string): string {
  let first = 0x811c9dc5
  let second = 0x2f6b1c97
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    first = Math.imul(first ^ unit, 0x01000193)
    second = Math.imul(second ^ unit ^ (index & 0xff), 0x01000193)
  }
  return hex(first) + hex(second)
}

/** Length in UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length
}

function storedName(name: string, reserved: ReadonlySet<string>): string {
  const snake = name.replaceAll('.', '__').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  // A name in another style keeps its spelling behind a sign that no snake-case name begins with.
  return shortenIdentifier(plainPath.test(name) && !reserved.has(snake) ? snake : `~${name}`)
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}
