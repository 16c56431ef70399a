// What a session rarely needs of insights, loaded as one when it is first called; see deferred-services.ts.
export { createScoreService } from './score/score-service.js'
export { createView360 } from './view360/view360.js'
