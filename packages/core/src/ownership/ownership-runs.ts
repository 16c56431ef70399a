import type { RunKind } from '../entity/run-service.js'
import type { HandOverParams } from './hand-over.js'
import type { RecycleParams } from './recycle-run.js'
import { handOverKind, recycleKind, undoMovesKind } from './run-kinds.js'
import type { UndoMovesParams } from './undo-owner-moves.js'

const services = () => import('./services.js')

/** Hands records over. What does it is loaded when it is first needed. */
export function handOverRun(mostWrites: number): RunKind<HandOverParams> {
  return {
    kind: handOverKind,
    execute: async (...work) => (await services()).runHandOver(...work, mostWrites),
  }
}

/** Puts records whose time is over into the pool. What does it is loaded when it is first needed. */
export function recycleRun(mostWrites: number): RunKind<RecycleParams> {
  return {
    kind: recycleKind,
    execute: async (...work) => (await services()).runRecycle(...work, mostWrites),
  }
}

/** Gives back what a run moved. What does it is loaded when it is first needed. */
export const undoMovesRun: RunKind<UndoMovesParams> = {
  kind: undoMovesKind,
  execute: async (...work) => (await services()).runUndoMoves(...work),
}
