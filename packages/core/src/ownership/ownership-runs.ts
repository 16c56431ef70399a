import type { RunKind } from '../entity/run-service.js'
import type { HandOverParams } from './hand-over.js'
import type { RecycleParams } from './recycle-run.js'
import type { UndoMovesParams } from './undo-owner-moves.js'

/** Kinds of run whose moves can be taken back. */
export const handOverKind = 'ownership.handOver'
export const recycleKind = 'pool.recycle'

/** Hands records over. What does it is loaded when it is first needed. */
export function handOverRun(mostWrites: number): RunKind<HandOverParams> {
  return {
    kind: handOverKind,
    execute: async (...work) => (await import('./hand-over-run.js')).runHandOver(...work, mostWrites),
  }
}

/** Puts records whose time is over into the pool. What does it is loaded when it is first needed. */
export function recycleRun(mostWrites: number): RunKind<RecycleParams> {
  return {
    kind: recycleKind,
    execute: async (...work) => (await import('./recycle-run.js')).runRecycle(...work, mostWrites),
  }
}

/** Gives back what a run moved. What does it is loaded when it is first needed. */
export const undoMovesRun: RunKind<UndoMovesParams> = {
  kind: 'ownership.undo',
  execute: async (...work) => (await import('./undo-owner-moves.js')).runUndoMoves(...work),
}
