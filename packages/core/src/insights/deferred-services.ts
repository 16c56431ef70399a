import { deferredService } from '../entity/deferred-service.js'
import type { RunEngine } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import type { ScoreService } from './score/score-service.js'
import type { View360Service } from './view360/view360.js'

const services = () => import('./services.js')

/** Scores of a session. */
export function createScoreService(context: SessionContext, runs: RunEngine): ScoreService {
  return deferredService(async () => (await services()).createScoreService(context, runs), {
    refresh: 'once',
    of: 'once',
  })
}

/** The 360° view of a session. */
export function createView360(context: SessionContext): View360Service {
  return deferredService(async () => (await services()).createView360(context), { view360: 'once' })
}
