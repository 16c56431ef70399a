import { deferredService, readingAnswers } from '../entity/deferred-service.js'
import type { RunEngine } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import type { VisitorService } from './visitor/visitor-service.js'

/** Visitors of a session. */
export function createVisitorService(context: SessionContext, runs: RunEngine): VisitorService {
  return deferredService(async () => (await import('./services.js')).createVisitorService(context, runs), {
    ...readingAnswers,
    start: 'once',
    track: 'once',
    trackMany: 'once',
    identify: 'once',
    reset: 'once',
    events: 'once',
    forgetEvents: 'once',
    consents: { ...readingAnswers, grant: 'once', revoke: 'once', deny: 'once', decide: 'once' },
  })
}
