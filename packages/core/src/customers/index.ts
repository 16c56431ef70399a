export type { Address } from './address/address.js'
export {
  type Association,
  associationEntity,
  decisionRoles,
  type NewAssociation,
} from './association/association-entity.js'
export type { AssociationEvents } from './association/association-events.js'
export type { AssociationService, SeenAssociation } from './association/association-service.js'
export {
  type AssociationType,
  associationTypeEntity,
  type NewAssociationType,
} from './association/association-type-entity.js'
export type { AssociationTypeService } from './association/association-type-service.js'
export { membershipType, roleType } from './association/reserved-types.js'
export {
  type Company,
  type CompanyPatch,
  type CompanyUpsert,
  companyEntity,
  type NewCompany,
} from './company/company-entity.js'
export { planCompanyCreate, planCompanyRemoval, planCompanyUpdate } from './company/company-plan.js'
export { type CompanyService, createCompanyService } from './company/company-service.js'
export type { CompanyHierarchy, HierarchyOptions, PlacedCompany } from './company/hierarchy.js'
export {
  type ConsentDecision,
  type ConsentProof,
  type ConsentReason,
  type DecidingConsent,
  decideConsent,
} from './consent/consent-decision.js'
export { type Consent, consentChannels, consentEntity, legalBases, type NewConsent } from './consent/consent-entity.js'
export type { ConsentEvents, ConsentStated } from './consent/consent-events.js'
export { consentMarkEntity, planConsentMark, readConsentMarks } from './consent/consent-mark.js'
export { type ConsentRequest, consentRequestEntity } from './consent/consent-request-entity.js'
export { type ConsentStatement, isConsentGranted } from './consent/consent-rules.js'
export type { ConsentAsked, ConsentService } from './consent/consent-service.js'
export { readConsentStatements } from './consent/consent-statements.js'
export type { NewOptInRequest, OptInRequest } from './consent/double-opt-in.js'
export { lifecycleStages } from './contact/contact.js'
export {
  type Contact,
  type ContactPatch,
  type ContactUpsert,
  contactEntity,
  type NewContact,
} from './contact/contact-entity.js'
export { planContactCreate, planContactRemoval, planContactUpdate } from './contact/contact-plan.js'
export { fullNameOf } from './contact/contact-rules.js'
export { type ContactService, createContactService } from './contact/contact-service.js'
export { type Email, normaliseEmail, normalisePhone, type Phone } from './contact-point/contact-point.js'
export { contactPointEntity, findContactIdByEmail } from './contact-point/contact-point-entity.js'
export {
  createAssociationService,
  createAssociationTypeService,
  createConsentService,
  createExternalDataService,
  createGroupService,
  createOptionListService,
  createSuppressionService,
} from './deferred-services.js'
export { type ExternalData, externalDataEntity, type NewExternalData } from './external-data/external-data-entity.js'
export type { ExternalDataService, FactsSubject } from './external-data/external-data-service.js'
export { type ExternalRef, externalRefSchema } from './external-ref/external-ref.js'
export {
  externalRefEntity,
  planExternalRefRemoval,
  planExternalRefs,
  resolveExternalRefs,
} from './external-ref/external-ref-entity.js'
export { type ItemReport, type UpsertRules, upsertByRef, upsertManyByRef } from './external-ref/upsert.js'
export {
  type ContactGroup,
  type ContactGroupPatch,
  contactGroupEntity,
  groupKinds,
  type NewContactGroup,
} from './group/contact-group-entity.js'
export type { GroupMember, HeldMembership, MembersOptions, NewMember } from './group/group-member.js'
export type { GroupService } from './group/group-service.js'
export { type GroupMembership, membershipOf } from './group/membership.js'
export { type CustomerOption, type OptionField, optionFields, optionPresets } from './option-list/option-list.js'
export { optionListEntity } from './option-list/option-list-entity.js'
export type { OptionListService } from './option-list/option-list-service.js'
export {
  type ContactRole,
  type ContactRolePatch,
  type DecisionRole,
  type NewContactRole,
  type RoleFields,
  roleOf,
} from './role/contact-role.js'
export type { Colleague, CompanyPerson, HeldRole, PeopleOptions } from './role/role-lists.js'
export type { CompanyPeople, ContactRoles } from './role/role-service.js'
export { suppress } from './suppression/suppress.js'
export { type SuppressedValue, valuesOf } from './suppression/suppressed-value.js'
export { type Suppression, suppressionEntity, suppressionHashEntity } from './suppression/suppression-entity.js'
export type { SuppressionService } from './suppression/suppression-service.js'
