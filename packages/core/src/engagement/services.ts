// What a session rarely needs of engagement, loaded as one when it is first called; see deferred-services.ts.
export { removeBehaviour } from './behaviour-event/forget-behaviour.js'
export { createVisitorService } from './visitor/visitor-service.js'
