import { deferredService, readingAnswers, recordAnswers } from '../entity/deferred-service.js'
import type { SessionContext } from '../entity/session-context.js'
import type { AssociationService } from './association/association-service.js'
import type { AssociationTypeService } from './association/association-type-service.js'
import type { ConsentService } from './consent/consent-service.js'
import type { ExternalDataService } from './external-data/external-data-service.js'
import type { GroupService } from './group/group-service.js'
import type { OptionListService } from './option-list/option-list-service.js'
import type { SuppressionService } from './suppression/suppression-service.js'

const services = () => import('./services.js')

/** Links of a session. */
export function createAssociationService(context: SessionContext): AssociationService {
  return deferredService(async () => (await services()).createAssociationService(context), {
    ...readingAnswers,
    link: 'once',
    end: 'once',
    unlink: 'once',
    of: 'once',
  })
}

/** Kinds of link of a session. */
export function createAssociationTypeService(context: SessionContext): AssociationTypeService {
  return deferredService(async () => (await services()).createAssociationTypeService(context), {
    ...readingAnswers,
    define: 'once',
    remove: 'once',
  })
}

/** Consent of a session. */
export function createConsentService(context: SessionContext): ConsentService {
  return deferredService(async () => (await services()).createConsentService(context), {
    ...readingAnswers,
    grant: 'once',
    revoke: 'once',
    deny: 'once',
    requestOptIn: 'once',
    confirmOptIn: 'once',
    isGranted: 'once',
    decide: 'once',
    prove: 'once',
    decideMany: 'once',
  })
}

/** External data of a session. */
export function createExternalDataService(context: SessionContext): ExternalDataService {
  return deferredService(async () => (await services()).createExternalDataService(context), {
    record: 'once',
    latest: 'once',
    history: 'once',
  })
}

/** Groups of a session. */
export function createGroupService(context: SessionContext): GroupService {
  return deferredService(async () => (await services()).createGroupService(context), {
    ...recordAnswers,
    add: 'once',
    leave: 'once',
    remove: 'once',
    members: 'once',
    of: 'once',
  })
}

/** Option lists of a session. */
export function createOptionListService(context: SessionContext): OptionListService {
  return deferredService(async () => (await services()).createOptionListService(context), {
    get: 'once',
    set: 'once',
    reset: 'once',
  })
}

/** Suppressions of a session. */
export function createSuppressionService(context: SessionContext): SuppressionService {
  return deferredService(async () => (await services()).createSuppressionService(context), {
    ...readingAnswers,
    add: 'once',
    isSuppressed: 'once',
    lift: 'once',
  })
}
