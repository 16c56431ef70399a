/**
 * A pool of row nodes. `slots[n]` names the row that node n shows. Rows that stay keep their node, so that nothing in
 * them is touched and focus inside them survives; rows that come in take the nodes of rows that left.
 */
export class RowSlots {
  #slots: number[] = []

  /** Assigns the wanted rows to nodes. The result has one entry per node; -1 is a node without a row. */
  assign(wanted: Iterable<number>): readonly number[] {
    const rows = new Set(wanted)
    const slots = this.#slots.map((row) => (rows.delete(row) ? row : -1))
    let free = slots.indexOf(-1)
    for (const row of rows) {
      if (free === -1) {
        slots.push(row)
        continue
      }
      slots[free] = row
      free = slots.indexOf(-1, free + 1)
    }
    this.#slots = slots
    return slots
  }
}
