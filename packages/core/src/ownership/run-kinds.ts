/** Kinds of run whose moves can be taken back. */
export const handOverKind = 'ownership.handOver'
export const recycleKind = 'pool.recycle'

/** The kind of run that takes them back. */
export const undoMovesKind = 'ownership.undo'
