export { claimLedgerEntity } from './claim-ledger-entity.js'
export {
  createMemberService,
  createOwnershipService,
  createPoolService,
  createTeamService,
} from './deferred-services.js'
export type { HandOver } from './hand-over.js'
export { type Member, memberEntity } from './member-entity.js'
export type { MemberService, SavedMember } from './member-service.js'
export type { Ownership } from './owner-history.js'
export { ownerMoveEntity } from './owner-move-entity.js'
export type { OwnershipEvents } from './ownership-events.js'
export { handOverRun, recycleRun, undoMovesRun } from './ownership-runs.js'
export type { OwnershipService } from './ownership-service.js'
export type { PoolTurn } from './pool-claim.js'
export { type PoolPolicy, poolPolicyEntity } from './pool-policy-entity.js'
export type { PoolPolicyService, PoolService, RecycleRuleService } from './pool-service.js'
export { type RecycleRule, recycleRuleEntity } from './recycle-rule-entity.js'
export type { RecycleForecast } from './recycle-run.js'
export { type Team, teamEntity } from './team-entity.js'
export type { SavedTeam, TeamService } from './team-service.js'
