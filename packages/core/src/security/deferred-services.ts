import { deferredService, readingAnswers, recordAnswers } from '../entity/deferred-service.js'
import type { RunEngine } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import type { PrivacyService } from './privacy-service.js'

/** Privacy of a session. */
export function createPrivacyService(context: SessionContext, runs: RunEngine): PrivacyService {
  return deferredService(async () => (await import('./services.js')).createPrivacyService(context, runs), {
    map: 'once',
    export: 'each',
    erase: 'once',
    renewEncryption: 'once',
    erasures: readingAnswers,
    holds: { ...readingAnswers, place: 'once', lift: 'once' },
    retention: { ...recordAnswers, plan: 'once', apply: 'once' },
  })
}
