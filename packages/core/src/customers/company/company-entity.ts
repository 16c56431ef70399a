import { defineEntity, type RecordOf } from '../../entity/entity.js'
import type { NewOf, PatchOf } from '../../entity/record-service.js'
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
  indexes: [
    { name: 'created', on: ['-createdAt'], live: true },
    { name: 'name', on: ['name'], live: true },
    { name: 'owner', on: ['ownerId', '-createdAt'], live: true },
    { name: 'parent', on: ['parentCompanyId'], live: true },
    { name: 'domains', on: ['domains'], kind: 'member' },
    { name: 'tags', on: ['tags'], kind: 'member' },
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
