import { restorationEntity } from './backup/index.js'
import {
  associationEntity,
  associationTypeEntity,
  companyEntity,
  consentEntity,
  consentMarkEntity,
  consentRequestEntity,
  contactEntity,
  contactGroupEntity,
  contactPointEntity,
  externalDataEntity,
  externalRefEntity,
  optionListEntity,
  suppressionEntity,
  suppressionHashEntity,
} from './customers/index.js'
import { importBatchEntity } from './data-quality/import/import-batch-entity.js'
import {
  duplicateEntity,
  mergedRelationEntity,
  mergePreImageEntity,
  mergeRecordEntity,
  recordAliasEntity,
} from './data-quality/index.js'
import {
  activityEntity,
  behaviourEventEntity,
  timelineEntity,
  visitorConsentEntity,
  visitorEntity,
} from './engagement/index.js'
import { counterEntity } from './entity/counter.js'
import { customFieldEntity } from './entity/custom-fields/custom-field.js'
import { customUniqueValueEntity } from './entity/custom-fields/custom-unique-value.js'
import { pendingRollUpEntity } from './entity/custom-fields/pending-roll-up.js'
import { encryptionKeyEntity } from './entity/encryption/encryption-key-entity.js'
import { createEntityRegistry } from './entity/entity-registry.js'
import { journalEntity } from './entity/journal-entity.js'
import { runEntity } from './entity/run-entity.js'
import { savedViewEntity } from './entity/saved-views/saved-view.js'
import { subscriptionEntity } from './entity/subscription.js'
import { tenantEntity } from './entity/tenant.js'
import { tenantKeyEntity } from './entity/tenant-key.js'
import { scoreEntity } from './insights/index.js'
import { segmentEntity, segmentMemberEntity } from './marketing/index.js'
import {
  claimLedgerEntity,
  memberEntity,
  ownerMoveEntity,
  poolPolicyEntity,
  recycleRuleEntity,
  teamEntity,
} from './ownership/index.js'
import { orderEntity } from './sales/index.js'
import { erasureEntity, legalHoldEntity, retentionPolicyEntity } from './security/index.js'
import type { EntityDef } from './storage/entity-def.js'
import { conversationEntity, messageEntity, ticketEntity } from './support/index.js'

/** Every entity of a CRM. */
export const crmEntities = [
  journalEntity,
  tenantEntity,
  tenantKeyEntity,
  encryptionKeyEntity,
  counterEntity,
  customFieldEntity,
  pendingRollUpEntity,
  customUniqueValueEntity,
  savedViewEntity,
  subscriptionEntity,
  runEntity,
  restorationEntity,
  contactEntity,
  contactPointEntity,
  externalRefEntity,
  companyEntity,
  associationEntity,
  associationTypeEntity,
  contactGroupEntity,
  externalDataEntity,
  optionListEntity,
  consentEntity,
  consentMarkEntity,
  consentRequestEntity,
  suppressionEntity,
  suppressionHashEntity,
  orderEntity,
  activityEntity,
  timelineEntity,
  visitorEntity,
  visitorConsentEntity,
  behaviourEventEntity,
  segmentEntity,
  segmentMemberEntity,
  ticketEntity,
  conversationEntity,
  messageEntity,
  scoreEntity,
  importBatchEntity,
  mergeRecordEntity,
  mergePreImageEntity,
  mergedRelationEntity,
  recordAliasEntity,
  duplicateEntity,
  erasureEntity,
  legalHoldEntity,
  retentionPolicyEntity,
  memberEntity,
  teamEntity,
  ownerMoveEntity,
  poolPolicyEntity,
  claimLedgerEntity,
  recycleRuleEntity,
] as const

/** The collections a CRM keeps, as data: what a storage adapter is planned with. */
export function crmDefinitions(): readonly EntityDef[] {
  return createEntityRegistry(crmEntities).definitions()
}
