import type { CustomFieldService } from './custom-fields/custom-field-service.js'
import { deferredService, readingAnswers } from './deferred-service.js'
import type { RunEngine } from './run-service.js'
import type { SavedViewService } from './saved-views/saved-view-service.js'
import type { SessionContext } from './session-context.js'
import type { TenantService } from './tenant-service.js'

const services = () => import('./services.js')

/** Custom fields of a session. */
export function createCustomFieldService(context: SessionContext, runs: Pick<RunEngine, 'start'>): CustomFieldService {
  return deferredService(async () => (await services()).createCustomFieldService(context, runs), {
    ...readingAnswers,
    register: 'once',
    update: 'once',
    delete: 'once',
    restore: 'once',
    recompute: 'once',
  })
}

/** Saved views of a session. */
export function createSavedViewService(context: SessionContext): SavedViewService {
  return deferredService(async () => (await services()).createSavedViewService(context), {
    create: 'once',
    get: 'once',
    find: 'once',
    update: 'once',
    delete: 'once',
    open: 'once',
  })
}

/** Tenant settings of a session. */
export function createTenantService(context: SessionContext): TenantService {
  return deferredService(async () => (await services()).createTenantService(context), { get: 'once', update: 'once' })
}
