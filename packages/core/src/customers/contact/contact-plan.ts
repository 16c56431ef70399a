import type { EntityChange } from '../../entity/entity-change.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import { planCreate, planUpdate } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Row } from '../../storage/row.js'
import { type Address, orderedAddresses } from '../address/address.js'
import type { Email, Phone } from '../contact-point/contact-point.js'
import { planContactPoints, planNewContactPoints } from '../contact-point/contact-point-entity.js'
import type { ExternalRef } from '../external-ref/external-ref.js'
import { planExternalRefRemoval, planExternalRefs } from '../external-ref/external-ref-entity.js'
import { refuseUnknownOptions } from '../option-list/chosen-options.js'
import { planPrimaryRole } from '../role/contact-role.js'
import { planUnsuppressed, valuesOf } from '../suppression/suppressed-value.js'
import { type ContactPatch, contactEntity, type NewContact } from './contact-entity.js'
import { type ContactCore, deriveContact } from './contact-rules.js'

const noPoints = { emails: [], phones: [] }

/** A new contact with its contact points and external refs, for one batch. */
export async function planContactCreate(
  context: SessionContext,
  input: NewContact,
): Promise<{ id: string; changes: EntityChange[] }> {
  const { id, values, change } = await planCreate(context, contactEntity, input)
  await refuseUnknownOptions(context, values)
  const { emails, phones, derived } = deriveContact(coreOf(values))
  const addresses = orderedAddresses(values.addresses as Address[])
  const set = Object.fromEntries(Object.entries(derived).filter(([, value]) => value !== null))
  return {
    id,
    changes: [
      { ...change, values: { ...values, emails, phones, addresses } },
      { kind: 'derive', entity: 'contact', id, set },
      ...planNewContactPoints({ contactId: id }, { emails, phones }),
      ...planExternalRefs('contact', id, values.externalRefs as ExternalRef[]),
      ...(await planPrimaryRole(context, id, values.primaryCompanyId, { isNew: true })),
      ...(await planUnsuppressed(
        context,
        valuesOf({ emails, phones, externalRefs: values.externalRefs as ExternalRef[] }),
      )),
    ],
  }
}

/** A change of a contact (its id or its row) with what follows for its points and refs. */
export async function planContactUpdate(
  context: SessionContext,
  record: string | Row,
  patch: ContactPatch,
  options: UpdateOptions = {},
): Promise<EntityChange[]> {
  const change = await planUpdate(context, contactEntity, record, patch, options)
  const { before } = change
  const { id } = before
  await refuseUnknownOptions(context, change.values, before)
  const { addresses, primaryCompanyId } = change.values
  const core = coreOf({ ...before, ...change.values })
  const { emails, phones, derived } = deriveContact(core)
  const values: Record<string, unknown> = {
    ...change.values,
    ...('emails' in change.values && { emails }),
    ...('phones' in change.values && { phones }),
    ...(addresses !== undefined && { addresses: orderedAddresses(addresses as Address[]) }),
  }
  const refs = (values.externalRefs as ExternalRef[] | undefined) ?? refsOf(before)
  const gone = refsOf(before).filter((ref) => !refs.some((other) => sameRef(ref, other)))
  const added = refs.filter((ref) => !refsOf(before).some((other) => sameRef(ref, other)))
  const set = Object.fromEntries(Object.entries(derived).filter(([path, value]) => (before[path] ?? null) !== value))
  return [
    { ...change, values },
    ...(Object.keys(set).length > 0 ? [{ kind: 'derive', entity: 'contact', id, set } as const] : []),
    ...planContactPoints({ contactId: id }, coreOf(before), { emails, phones }),
    ...planExternalRefRemoval('contact', gone),
    ...planExternalRefs('contact', id, added),
    ...(primaryCompanyId === before.primaryCompanyId
      ? []
      : await planPrimaryRole(context, id, primaryCompanyId, { isNew: false })),
    ...(await planUnsuppressed(context, valuesOf(newValues(coreOf(before), { emails, phones }, added)))),
  ]
}

/** A deleted contact frees its addresses and refs; restoring takes them back, or fails when they are taken. */
export function planContactRemoval(kind: 'delete' | 'restore', row: Row): EntityChange[] {
  const points = coreOf(row)
  return kind === 'delete'
    ? [...planContactPoints({ contactId: row.id }, points, noPoints), ...planExternalRefRemoval('contact', refsOf(row))]
    : [
        ...planContactPoints({ contactId: row.id }, noPoints, points),
        ...planExternalRefs('contact', row.id, refsOf(row)),
      ]
}

/** What a change adds; what was there before may stay, since an operator let it in or nobody has suppressed it. */
function newValues(
  before: ContactCore,
  after: Pick<ContactCore, 'emails' | 'phones'>,
  externalRefs: readonly ExternalRef[],
): Parameters<typeof valuesOf>[0] {
  return {
    emails: after.emails.filter(({ address }) => !before.emails.some((old) => old.address === address)),
    phones: after.phones.filter(({ number }) => !before.phones.some((old) => old.number === number)),
    externalRefs,
  }
}

function coreOf(row: Readonly<Record<string, unknown>>): ContactCore {
  return {
    ...(typeof row.firstName === 'string' && { firstName: row.firstName }),
    ...(typeof row.lastName === 'string' && { lastName: row.lastName }),
    emails: (row.emails as Email[] | undefined) ?? [],
    phones: (row.phones as Phone[] | undefined) ?? [],
  }
}

function refsOf(row: Readonly<Record<string, unknown>>): readonly ExternalRef[] {
  return (row.externalRefs as ExternalRef[] | undefined) ?? []
}

function sameRef(left: ExternalRef, right: ExternalRef): boolean {
  return left.system === right.system && left.externalId === right.externalId
}
