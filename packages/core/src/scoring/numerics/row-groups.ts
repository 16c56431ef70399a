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
  const n = columns[0]!.length
  const words = columns.map((column) => new Int32Array(column.buffer, column.byteOffset, 2 * n))
  const groupOfRow = new Int32Array(n)
  const firstRow = new Int32Array(n)
  let groups = 0
  let table = new Int32Array(Math.min(4096, 2 ** Math.ceil(Math.log2(n + 1) + 1)))

  /** The slot of the group of a row, or the empty one that waits for it; slots hold 1 + the number of the group. */
  const slotOf = (row: number): number => {
    let hash = 0
    for (const word of words) {
      hash = Math.imul(hash ^ word[2 * row]!, 0x9e3779b1)
      hash = Math.imul(hash ^ (hash >>> 15) ^ word[2 * row + 1]!, 0x85ebca77)
      hash ^= hash >>> 13
    }
    for (let slot = hash; ; slot++) {
      slot &= table.length - 1
      const group = table[slot]!
      let differing = group === 0 ? 0 : columns.length
      while (differing > 0 && columns[differing - 1]![firstRow[group - 1]!] === columns[differing - 1]![row])
        differing--
      if (differing === 0) return slot
    }
  }

  for (let row = 0; row < n; row++) {
    const slot = slotOf(row)
    if (table[slot] === 0) {
      firstRow[groups] = row
      table[slot] = ++groups
    }
    groupOfRow[row] = table[slot]! - 1
    if (groups * 2 > table.length) {
      table = new Int32Array(table.length * 4)
      for (let group = 0; group < groups; group++) table[slotOf(firstRow[group]!)] = group + 1
    }
  }
  return { groupOfRow, firstRow: firstRow.slice(0, groups) }
}
