/** The distinct rows of a few numeric columns, and for every row the number of its group, in order of appearance. */
export interface RowGroups {
  groupOfRow: Int32Array
  /** Index of the first row of each group. */
  firstRow: Int32Array
}

/**
 * Groups identical rows with an open-addressing hash table over the bits of the numbers: no strings, no boxed keys, one
 * pass. Columns must be free of NaN and of -0 beside 0.
 */
export function groupRows(columns: readonly Float64Array[]): RowGroups {
  const n = columns[0]?.length ?? 0
  const words = columns.map((c) => new Uint32Array(c.buffer, c.byteOffset, c.length * 2))
  const groupOfRow = new Int32Array(n)
  let firstRow = new Int32Array(Math.min(n, 1024))
  let tableBits = 12
  let table = new Int32Array(1 << tableBits)
  let groups = 0
  const hashes = new Int32Array(n)

  for (let row = 0; row < n; row++) {
    let hash = 0
    for (const word of words) {
      hash = Math.imul(hash ^ word[2 * row]!, 0x9e3779b1)
      hash = Math.imul(hash ^ (hash >>> 15) ^ word[2 * row + 1]!, 0x85ebca77)
      hash ^= hash >>> 13
    }
    hashes[row] = hash
    const mask = table.length - 1
    let slot = hash & mask
    let group = -1
    for (;;) {
      const entry = table[slot]!
      if (entry === 0) break
      const candidate = firstRow[entry - 1]!
      if (hashes[candidate] === hash && sameRow(columns, candidate, row)) {
        group = entry - 1
        break
      }
      slot = (slot + 1) & mask
    }
    if (group < 0) {
      if (groups === firstRow.length) firstRow = grown(firstRow, Math.min(n, groups * 4))
      group = groups++
      firstRow[group] = row
      table[slot] = group + 1
      if (groups * 2 > table.length) {
        tableBits += 2
        table = rehashed(firstRow, groups, hashes, tableBits)
      }
    }
    groupOfRow[row] = group
  }
  return { groupOfRow, firstRow: firstRow.slice(0, groups) }
}

function sameRow(columns: readonly Float64Array[], one: number, other: number): boolean {
  for (const column of columns) if (column[one] !== column[other]) return false
  return true
}

function grown(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(values)
  return larger
}

function rehashed(firstRow: Int32Array, groups: number, hashes: Int32Array, bits: number): Int32Array<ArrayBuffer> {
  const table = new Int32Array(1 << bits)
  const mask = table.length - 1
  for (let group = 0; group < groups; group++) {
    let slot = hashes[firstRow[group]!]! & mask
    while (table[slot] !== 0) slot = (slot + 1) & mask
    table[slot] = group + 1
  }
  return table
}
