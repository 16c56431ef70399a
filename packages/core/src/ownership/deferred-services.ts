import type { BaseRecord } from '../entity/base-record.js'
import { deferredService, readingAnswers, recordAnswers } from '../entity/deferred-service.js'
import type { RunEngine } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import type { MemberService } from './member-service.js'
import type { OwnershipService } from './ownership-service.js'
import type { PoolService } from './pool-service.js'
import type { TeamService } from './team-service.js'

const services = () => import('./services.js')

/** Members of a session. */
export function createMemberService(context: SessionContext): MemberService {
  return deferredService(async () => (await services()).createMemberService(context), {
    ...readingAnswers,
    save: 'once',
  })
}

/** Teams of a session. */
export function createTeamService(context: SessionContext): TeamService {
  return deferredService(async () => (await services()).createTeamService(context), { ...readingAnswers, save: 'once' })
}

/** Ownership of a session. */
export function createOwnershipService(context: SessionContext, runs: RunEngine): OwnershipService {
  return deferredService(async () => (await services()).createOwnershipService(context, runs), {
    handOver: 'once',
    undo: 'once',
    history: 'once',
  })
}

/** The public pool of a session. */
export function createPoolService<Records extends Readonly<Record<string, BaseRecord>>>(
  context: SessionContext,
  runs: RunEngine,
): PoolService<Records> {
  return deferredService<PoolService<Records>>(
    async () => (await services()).createPoolService<Records>(context, runs),
    {
      list: 'once',
      claim: 'once',
      release: 'once',
      policies: recordAnswers,
      rules: recordAnswers,
      planRecycle: 'once',
      recycle: 'once',
    },
  )
}
