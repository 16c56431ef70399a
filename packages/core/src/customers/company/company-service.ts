import {
  committed,
  createRecordReading,
  createRecordRemoval,
  type RecordService,
  retryOnConflict,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { type UpsertRules, upsertByRef } from '../external-ref/upsert.js'
import { type CompanyPeople, createCompanyPeople } from '../role/role-service.js'
import {
  type Company,
  type CompanyPatch,
  type CompanyUpsert,
  companyEntity,
  type NewCompany,
} from './company-entity.js'
import { planCompanyCreate, planCompanyRemoval, planCompanyUpdate } from './company-plan.js'
import type { CompanyHierarchy, HierarchyOptions } from './hierarchy.js'

/** Organisations. */
export interface CompanyService extends RecordService<Company, NewCompany, CompanyPatch>, CompanyPeople {
  /** Creates the company with this external ref, or changes what differs. Running it twice changes nothing. */
  upsert(input: CompanyUpsert): Promise<Company>
  /** The companies above and below a company, in one read for each level. What may not be read is left out with all beyond it. */
  hierarchy(id: string, options?: HierarchyOptions): Promise<CompanyHierarchy>
}

/** Companies of a session. */
export function createCompanyService(context: SessionContext): CompanyService {
  const reading = createRecordReading(context, companyEntity)
  const rules: UpsertRules<CompanyUpsert> = {
    entity: companyEntity,
    planNew: ({ externalRef, ...fields }) => planCompanyCreate(context, { ...fields, externalRefs: [externalRef] }),
    planChange: (before, { externalRef: _, ...fields }) => planCompanyUpdate(context, before, fields),
  }
  return {
    ...reading,
    ...createCompanyPeople(context),
    ...createRecordRemoval(context, companyEntity, async (kind, row) => planCompanyRemoval(kind, row)),
    async create(input) {
      const { id, changes } = await planCompanyCreate(context, input)
      return committed(context, companyEntity, id, changes)
    },
    update: (id, patch, options) =>
      // From the commit itself: who gives a record away may not read it any more.
      retryOnConflict(async () =>
        committed(context, companyEntity, id, await planCompanyUpdate(context, id, patch, options)),
      ),
    hierarchy: async (id, options = {}) => (await import('../services.js')).readHierarchy(context, id, options),
    async upsert(input) {
      if (input?.externalRef === undefined) throw invalidField('externalRef', 'must name the system and the id there')
      return reading.get((await upsertByRef(context, rules, input)).id)
    },
  }
}
