// What a session rarely needs of ownership, loaded as one when it is first called; see deferred-services.ts and ownership-runs.ts.
export { runHandOver } from './hand-over-run.js'
export { createMemberService } from './member-service.js'
export { createOwnershipService } from './ownership-service.js'
export { createPoolService } from './pool-service.js'
export { runRecycle } from './recycle-run.js'
export { createTeamService } from './team-service.js'
export { runUndoMoves } from './undo-owner-moves.js'
