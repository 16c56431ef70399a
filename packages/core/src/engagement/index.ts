export { type Activity, type ActivityPatch, activityEntity, type NewActivity } from './activity/activity-entity.js'
export { type ActivityService, createActivityService } from './activity/activity-service.js'
export {
  type BehaviourProperty,
  behaviourTypes,
} from './behaviour-event/behaviour-event.js'
export { type BehaviourEvent, behaviourEventEntity } from './behaviour-event/behaviour-event-entity.js'
export type { BehaviourListOptions, BehaviourSubject } from './behaviour-event/behaviour-events-of.js'
export type { BehaviourRefusal } from './behaviour-event/event-time.js'
export { forgetBehaviourRun } from './behaviour-event/forget-behaviour-run.js'
export type { BehaviourReport, NewBehaviourEvent } from './behaviour-event/track-events.js'
export { createVisitorService } from './deferred-services.js'
export {
  planTimeline,
  planTimelineRemoval,
  type Subject,
  type TimelineFact,
  timelineEntity,
} from './timeline/timeline-entity.js'
export {
  createTimelineService,
  readTimeline,
  type TimelineEntry,
  type TimelineService,
} from './timeline/timeline-service.js'
export type { VisitorClaim, VisitorIdentity } from './visitor/identify-visitor.js'
export { type NewVisitorConsent, type VisitorConsent, visitorConsentEntity } from './visitor/visitor-consent-entity.js'
export type { VisitorConsentAsked, VisitorConsentDecision } from './visitor/visitor-consents.js'
export { type Visitor, visitorEntity } from './visitor/visitor-entity.js'
export type { VisitorEvents } from './visitor/visitor-events.js'
export type { VisitorConsentService, VisitorService } from './visitor/visitor-service.js'
