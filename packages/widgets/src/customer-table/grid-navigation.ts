/** A cell of the grid. Row 0 is the heading; row 1 is the first customer. Both count from 0. */
export interface GridPosition {
  readonly row: number
  readonly column: number
}

/** A key press, as far as moving about a grid is concerned. */
export interface GridKey {
  readonly key: string
  readonly ctrlKey: boolean
}

/** The size of the grid. */
export interface GridSize {
  /** Rows with the heading. */
  readonly rows: number
  readonly columns: number
  /** Rows that fit on the screen: what a page is. */
  readonly page: number
  /** Whether columns run from right to left, so that the left arrow moves on. */
  readonly rightToLeft: boolean
}

/**
 * Where a key moves from a cell, after the grid pattern of the ARIA authoring practices: arrows by one, Home and End
 * along the row, with Control to the corners, PageUp and PageDown by a page of rows. `undefined` for any other key.
 */
export function moveInGrid(from: GridPosition, { key, ctrlKey }: GridKey, size: GridSize): GridPosition | undefined {
  const onward = size.rightToLeft ? -1 : 1
  const lastRow = size.rows - 1
  const lastColumn = size.columns - 1
  const to = (row: number, column: number): GridPosition => ({
    row: Math.max(0, Math.min(lastRow, row)),
    column: Math.max(0, Math.min(lastColumn, column)),
  })
  switch (key) {
    case 'ArrowUp':
      return to(from.row - 1, from.column)
    case 'ArrowDown':
      return to(from.row + 1, from.column)
    case 'ArrowRight':
      return to(from.row, from.column + onward)
    case 'ArrowLeft':
      return to(from.row, from.column - onward)
    case 'Home':
      return ctrlKey ? to(0, 0) : to(from.row, 0)
    case 'End':
      return ctrlKey ? to(lastRow, lastColumn) : to(from.row, lastColumn)
    case 'PageUp':
      return to(Math.max(1, from.row - size.page), from.column)
    case 'PageDown':
      return to(from.row + size.page, from.column)
    default:
      return undefined
  }
}
