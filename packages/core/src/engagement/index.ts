export { type Activity, type ActivityPatch, activityEntity, type NewActivity } from './activity/activity-entity.js'
export { type ActivityService, createActivityService } from './activity/activity-service.js'
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
