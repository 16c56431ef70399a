import { defineEntity, type RecordOf } from '../../entity/entity.js'
import type { NewOf, PatchOf } from '../../entity/record-service.js'
import type { Phone } from '../contact-point/contact-point.js'
import type { ExternalRef } from '../external-ref/external-ref.js'
import { companyDerivedSchema, companySchema } from './company.js'

/** An organisation you deal with. */
export const companyEntity = defineEntity({
  name: 'company',
  mergeable: true,
  schema: companySchema,
  derived: companyDerivedSchema,
  access: { reach: 'owned', portal: { company: 'id', fields: ['name', 'domains', 'phones', 'addresses'] } },
  ownership: { pooled: true },
  search: [
    { field: 'name', weight: 1, spoken: 'text' },
    { field: 'legalName', weight: 0.9 },
    { field: 'domains', weight: 0.9 },
    { field: 'taxId', weight: 0.9 },
    {
      field: 'phones',
      weight: 0.8,
      textsOf: ({ phones }) => ((phones ?? []) as readonly Phone[]).map(({ number }) => number),
    },
    {
      field: 'externalRefs',
      weight: 0.8,
      textsOf: ({ externalRefs }) =>
        ((externalRefs ?? []) as readonly ExternalRef[]).map(({ externalId }) => externalId),
    },
  ],
  indexes: [
    { name: 'created', on: ['-createdAt'], live: true },
    { name: 'name', on: ['name'], live: true },
    { name: 'owner', on: ['ownerId', '-createdAt'], live: true },
    // Deleted ones too, since a merge moves them.
    { name: 'parent', on: ['parentCompanyId'] },
    { name: 'domains', on: ['domains'], kind: 'member' },
    { name: 'tags', on: ['tags'], kind: 'member' },
    { name: 'interests', on: ['interests'], kind: 'member' },
  ],
})

/** An organisation, as the actor may see it. */
export type Company = RecordOf<typeof companyEntity>

/** Input of a new company. */
export type NewCompany = NewOf<typeof companyEntity>

/** Input of a change of a company. */
export type CompanyPatch = PatchOf<typeof companyEntity>

/** Input of an upsert: the record's id in your system, and what to set. */
export type CompanyUpsert = Omit<NewCompany, 'externalRefs'> & { externalRef: ExternalRef }
