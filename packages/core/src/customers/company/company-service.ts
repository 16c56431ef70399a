import * as z from 'zod/mini'
import { commit } from '../../entity/commit.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import { check } from '../../entity/input.js'
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
import { type ExternalRef, externalRefSchema } from '../external-ref/external-ref.js'
import { planExternalRefRemoval, planExternalRefs, resolveExternalRefs } from '../external-ref/external-ref-entity.js'
import { retryOnTakenRef } from '../external-ref/upsert.js'
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

const refSchema = z.strictObject({ externalRef: externalRefSchema })

/** Companies of a session. */
export function createCompanyService(context: SessionContext): CompanyService {
  const reading = createRecordReading(context, companyEntity)
  const create = async (input: NewCompany): Promise<Company> => {
    const { id, values, change } = await planCreate(context, companyEntity, input)
    const refs = planExternalRefs('company', id, values.externalRefs as ExternalRef[])
    return committed(context, companyEntity, id, [change, ...refs, ...parentExists(values.parentCompanyId)])
  }
  const update = async (id: string, patch: CompanyPatch, options?: UpdateOptions): Promise<Company> =>
    retryOnConflict(async () => {
      const change = await planUpdate(context, companyEntity, id, patch, options)
      await refuseCircle(context, id, change.values.parentCompanyId)
      const before = (change.before.externalRefs ?? []) as ExternalRef[]
      const after = (change.values.externalRefs ?? before) as ExternalRef[]
      const missing = (refs: ExternalRef[], others: ExternalRef[]): ExternalRef[] =>
        refs.filter(
          (ref) => !others.some((other) => other.system === ref.system && other.externalId === ref.externalId),
        )
      await commit(context, [
        change,
        ...planExternalRefRemoval('company', missing(before, after)),
        ...planExternalRefs('company', id, missing(after, before)),
      ])
      return reading.get(id)
    })
  return {
    ...reading,
    ...createRecordRemoval(context, companyEntity, async (kind, row) => {
      const refs = (row.externalRefs ?? []) as ExternalRef[]
      return kind === 'delete' ? planExternalRefRemoval('company', refs) : planExternalRefs('company', row.id, refs)
    }),
    create,
    update,
    async upsert(input) {
      const { externalRef, ...fields } = input ?? {}
      const ref = check(companyEntity, refSchema, { externalRef }).externalRef
      return retryOnTakenRef(async () => {
        const [known] = await resolveExternalRefs(context, 'company', [ref])
        return known === undefined ? create({ ...fields, externalRefs: [ref] }) : update(known, fields)
      })
    },
  }
}

function parentExists(parentCompanyId: unknown) {
  return typeof parentCompanyId === 'string'
    ? [{ kind: 'require', entity: 'company', id: parentCompanyId, is: 'present' } as const]
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
