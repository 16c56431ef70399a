import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import {
  committed,
  createRecordReading,
  createRecordRemoval,
  planCreate,
  planUpdate,
  type RecordService,
  retryOnConflict,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'
import type { ExternalRef } from '../external-ref/external-ref.js'
import { planExternalRefRemoval, planExternalRefs } from '../external-ref/external-ref-entity.js'
import { type UpsertRules, upsertByRef } from '../external-ref/upsert.js'
import {
  type Company,
  type CompanyPatch,
  type CompanyUpsert,
  companyEntity,
  type NewCompany,
} from './company-entity.js'

/** Organisations. */
export interface CompanyService extends RecordService<Company, NewCompany, CompanyPatch> {
  /** Creates the company with this external ref, or changes what differs. Running it twice changes nothing. */
  upsert(input: CompanyUpsert): Promise<Company>
}

/** Companies of a session. */
export function createCompanyService(context: SessionContext): CompanyService {
  const reading = createRecordReading(context, companyEntity)
  const planNew = async (input: NewCompany): Promise<{ id: string; changes: EntityChange[] }> => {
    const { id, values, change } = await planCreate(context, companyEntity, input)
    const refs = planExternalRefs('company', id, values.externalRefs as ExternalRef[])
    return { id, changes: [change, ...refs, ...parentExists(values.parentCompanyId)] }
  }
  const planChange = async (
    record: string | Row,
    patch: CompanyPatch,
    options?: UpdateOptions,
  ): Promise<EntityChange[]> => {
    const change = await planUpdate(context, companyEntity, record, patch, options)
    const { id } = change.before
    await refuseCircle(context, id, change.values.parentCompanyId)
    const before = (change.before.externalRefs ?? []) as ExternalRef[]
    const after = (change.values.externalRefs ?? before) as ExternalRef[]
    const missing = (refs: ExternalRef[], others: ExternalRef[]): ExternalRef[] =>
      refs.filter((ref) => !others.some((other) => other.system === ref.system && other.externalId === ref.externalId))
    return [
      change,
      ...planExternalRefRemoval('company', missing(before, after)),
      ...planExternalRefs('company', id, missing(after, before)),
    ]
  }
  const rules: UpsertRules<CompanyUpsert> = {
    entity: companyEntity,
    planNew: ({ externalRef, ...fields }) => planNew({ ...fields, externalRefs: [externalRef] }),
    planChange: (before, { externalRef: _, ...fields }) => planChange(before, fields),
  }
  return {
    ...reading,
    ...createRecordRemoval(context, companyEntity, async (kind, row) => {
      const refs = (row.externalRefs ?? []) as ExternalRef[]
      return kind === 'delete' ? planExternalRefRemoval('company', refs) : planExternalRefs('company', row.id, refs)
    }),
    async create(input) {
      const { id, changes } = await planNew(input)
      return committed(context, companyEntity, id, changes)
    },
    update: (id, patch, options) =>
      retryOnConflict(async () => {
        await commit(context, await planChange(id, patch, options))
        return reading.get(id)
      }),
    async upsert(input) {
      if (input?.externalRef === undefined) throw invalidField('externalRef', 'must name the system and the id there')
      return reading.get((await upsertByRef(context, rules, input)).id)
    },
  }
}

function parentExists(parentCompanyId: unknown) {
  return typeof parentCompanyId === 'string'
    ? [{ kind: 'require', entity: 'company', id: parentCompanyId, is: 'present', namedBy: 'parentCompanyId' } as const]
    : []
}

const deepestHierarchy = 50

/** A company cannot be above itself. */
async function refuseCircle(context: SessionContext, id: string, parentCompanyId: unknown): Promise<void> {
  let above = parentCompanyId
  for (let depth = 0; typeof above === 'string'; depth++) {
    if (above === id) throw invalidField('parentCompanyId', 'would put the company above itself')
    if (depth === deepestHierarchy)
      throw invalidField('parentCompanyId', `the hierarchy is deeper than ${deepestHierarchy} levels`)
    const [row] = await context.storage.getMany('company', [above])
    if (!row) throw invalidField('parentCompanyId', 'must be the id of a company')
    above = row.parentCompanyId
  }
}
