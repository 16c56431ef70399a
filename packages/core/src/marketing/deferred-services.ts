import { deferredService, recordAnswers } from '../entity/deferred-service.js'
import type { SessionContext } from '../entity/session-context.js'
import type { SegmentService } from './segment/segment-service.js'

/** Segments of a session. */
export function createSegmentService(context: SessionContext): SegmentService {
  return deferredService(async () => (await import('./segment/segment-service.js')).createSegmentService(context), {
    ...recordAnswers,
    members: 'once',
    eachMember: 'each',
    contains: 'once',
    add: 'once',
    remove: 'once',
  })
}
