import type { EntityChange } from '../../entity/entity-change.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import { planCreate, planUpdate } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'
import type { ExternalRef } from '../external-ref/external-ref.js'
import { planExternalRefRemoval, planExternalRefs } from '../external-ref/external-ref-entity.js'
import { type CompanyPatch, companyEntity, type NewCompany } from './company-entity.js'

/** A new company with its external refs, for one batch. */
export async function planCompanyCreate(
  context: SessionContext,
  input: NewCompany,
): Promise<{ id: string; changes: EntityChange[] }> {
  const { id, values, change } = await planCreate(context, companyEntity, input)
  const refs = planExternalRefs('company', id, values.externalRefs as ExternalRef[])
  return { id, changes: [change, ...refs, ...parentExists(values.parentCompanyId)] }
}

/** A change of a company (its id or its row) with what follows for its refs. */
export async function planCompanyUpdate(
  context: SessionContext,
  record: string | Row,
  patch: CompanyPatch,
  options?: UpdateOptions,
): Promise<EntityChange[]> {
  const change = await planUpdate(context, companyEntity, record, patch, options)
  const { id } = change.before
  await refuseCircle(context, id, change.values.parentCompanyId)
  const before = refsOf(change.before)
  const after = (change.values.externalRefs ?? before) as ExternalRef[]
  const missing = (refs: readonly ExternalRef[], others: readonly ExternalRef[]): ExternalRef[] =>
    refs.filter((ref) => !others.some((other) => other.system === ref.system && other.externalId === ref.externalId))
  return [
    change,
    ...planExternalRefRemoval('company', missing(before, after)),
    ...planExternalRefs('company', id, missing(after, before)),
  ]
}

/** A deleted company frees its refs; restoring takes them back, or fails when they are taken. */
export function planCompanyRemoval(kind: 'delete' | 'restore', row: Row): EntityChange[] {
  const refs = refsOf(row)
  return kind === 'delete' ? planExternalRefRemoval('company', refs) : planExternalRefs('company', row.id, refs)
}

function refsOf(row: Row): readonly ExternalRef[] {
  return (row.externalRefs ?? []) as ExternalRef[]
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
