/** Rows kept ready above and below the visible ones, so that a fast scroll shows no gap. */
const overscan = 6

/** The part of the table that is on the screen. All counts are of rows. */
export interface RowWindow {
  /** First row to render, counted from 0. */
  readonly first: number
  /** One past the last row to render. */
  readonly end: number
  /** First row that is visible. */
  readonly visibleFirst: number
  /** One past the last row that is visible. */
  readonly visibleEnd: number
}

/** The rows to render for a scroll offset and a height of the rows' viewport, in CSS pixels. */
export function rowWindow(offset: number, height: number, rowHeight: number, rows: number): RowWindow {
  const visibleFirst = Math.min(Math.max(0, Math.floor(offset / rowHeight)), Math.max(0, rows - 1))
  const visibleEnd = Math.min(rows, Math.ceil((offset + height) / rowHeight))
  return {
    first: Math.max(0, visibleFirst - overscan),
    end: Math.min(rows, visibleEnd + overscan),
    visibleFirst: rows === 0 ? 0 : visibleFirst,
    visibleEnd: Math.max(visibleEnd, Math.min(rows, visibleFirst + 1)),
  }
}

/**
 * The offset that brings a row wholly into view with the least movement, or the present offset if it is in view.
 */
export function offsetShowing(row: number, offset: number, height: number, rowHeight: number): number {
  const top = row * rowHeight
  if (top < offset) return top
  return top + rowHeight > offset + height ? top + rowHeight - height : offset
}
