// What a session rarely needs of the floor, loaded as one when it is first called; see deferred-services.ts.
export { createCustomFieldService } from './custom-fields/custom-field-service.js'
export { createSavedViewService } from './saved-views/saved-view-service.js'
export { createTenantService } from './tenant-service.js'
