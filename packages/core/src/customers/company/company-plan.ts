import type { EntityChange } from '../../entity/entity-change.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import { planCreate, planUpdate } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Row } from '../../storage/row.js'
import { type Address, orderedAddresses } from '../address/address.js'
import type { ExternalRef } from '../external-ref/external-ref.js'
import { planExternalRefRemoval, planExternalRefs } from '../external-ref/external-ref-entity.js'
import { refuseUnknownOptions } from '../option-list/chosen-options.js'
import { type CompanyPatch, companyEntity, type NewCompany } from './company-entity.js'
import { planParent } from './company-hierarchy.js'

/** A new company with its external refs, for one batch. */
export async function planCompanyCreate(
  context: SessionContext,
  input: NewCompany,
): Promise<{ id: string; changes: EntityChange[] }> {
  const { id, values, change } = await planCreate(context, companyEntity, input)
  await refuseUnknownOptions(context, values)
  const refs = planExternalRefs('company', id, values.externalRefs as ExternalRef[])
  const ordered = { ...change, values: { ...values, addresses: orderedAddresses(values.addresses as Address[]) } }
  return { id, changes: [ordered, ...refs, ...(await planParent(context, values.parentCompanyId))] }
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
  await refuseUnknownOptions(context, change.values, change.before)
  const { addresses } = change.values
  const ordered = addresses ? { ...change.values, addresses: orderedAddresses(addresses as Address[]) } : change.values
  const before = refsOf(change.before)
  const after = (change.values.externalRefs ?? before) as ExternalRef[]
  const missing = (refs: readonly ExternalRef[], others: readonly ExternalRef[]): ExternalRef[] =>
    refs.filter((ref) => !others.some((other) => other.system === ref.system && other.externalId === ref.externalId))
  return [
    { ...change, values: ordered },
    ...(await planParent(context, change.values.parentCompanyId, change.before)),
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
