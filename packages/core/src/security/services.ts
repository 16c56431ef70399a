// What a session rarely needs of security, loaded as one when it is first called; see deferred-services.ts and the runs.
export { eraseSubject } from './erase-subject.js'
export { createPrivacyService } from './privacy-service.js'
export { applyPolicies } from './retention-run.js'
