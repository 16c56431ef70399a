import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { toRecord } from '../../entity/record.js'
import { maskFor, readOne } from '../../entity/record-reader.js'
import { planCreate, planUpdate, retryOnConflict } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'
import { type Association, associationEntity } from '../association/association-entity.js'
import { hasEnded, type Period, refuseBackwards } from '../association/association-rules.js'
import { planEnds, today } from '../association/linked-record.js'
import { roleType } from '../association/reserved-types.js'
import { contactEntity } from '../contact/contact-entity.js'
import {
  type ContactRole,
  type ContactRolePatch,
  type NewContactRole,
  type RoleFields,
  roleEnds,
  roleFields,
  roleOf,
} from './contact-role.js'

/** Gives a contact a role. See `ContactRoles.addRole`. */
export function addRole(context: SessionContext, contactId: string, input: NewContactRole): Promise<ContactRole> {
  return retryOnConflict(async () => {
    const contact = await readOne(context, contactEntity, contactId)
    const { companyId, isPrimary = false, ...fields } = input ?? {}
    const ends = roleEnds(contactId, companyId)
    const { fromType, toType, typeKey } = ends
    const { id, values, change } = await planCreate(
      context,
      associationEntity,
      { ...pickRole(fields), ...ends, category: 'system' },
      { events: [{ type: 'association.linked', data: { fromType, toType, typeKey } }] },
    )
    refuseBackwards(values)
    const over = hasEnded(values, today(context))
    if (isPrimary && over) throw invalidField('isPrimary', 'cannot be a role that is over')
    return finish(context, id, contact, isPrimary ? companyId : undefined, [
      change,
      ...planEnds(values, { from: 'contactId', to: 'companyId' }),
    ])
  })
}

/** Ends a role. See `ContactRoles.endRole`. */
export function endRole(context: SessionContext, roleId: string, on = today(context)): Promise<ContactRole> {
  return updateRole(context, roleId, { to: on })
}

/** Changes a role. See `ContactRoles.updateRole`. */
export function updateRole(context: SessionContext, roleId: string, patch: ContactRolePatch): Promise<ContactRole> {
  return retryOnConflict(async () => {
    const { row, contact } = await readRole(context, roleId)
    const { isPrimary, ...fields } = patch ?? {}
    const change = await planUpdate(context, associationEntity, row, pickRole(fields))
    const after = { ...row, ...change.values }
    refuseBackwards(after)
    const over = hasEnded({ to: (after.to as string | null) ?? undefined }, today(context))
    if (isPrimary && over) throw invalidField('isPrimary', 'cannot be a role that is over')
    const wasPrimary = contact.primaryCompanyId === row.toId
    const primary = isPrimary ? (row.toId as string) : wasPrimary && (isPrimary === false || over) ? null : undefined
    return finish(context, roleId, contact, primary, [change])
  })
}

/** Removes a role that never was. See `ContactRoles.removeRole`. */
export function removeRole(context: SessionContext, roleId: string): Promise<void> {
  return retryOnConflict(async () => {
    const { row, contact } = await readRole(context, roleId)
    const wasPrimary = contact.primaryCompanyId === row.toId && !hasEnded(row as Period, today(context))
    await commit(context, [
      { kind: 'delete', entity: 'association', before: row },
      ...planPrimary(contact, wasPrimary ? null : undefined),
    ])
  })
}

async function readRole(context: SessionContext, roleId: string): Promise<{ row: Row; contact: Row }> {
  const row = await readOne(context, associationEntity, roleId)
  if (row.typeKey !== roleType)
    throw new CrmError('not_found', 'There is no role with this id', { entity: 'association', id: roleId })
  return { row, contact: await readOne(context, contactEntity, row.fromId as string) }
}

/** Commits with the contact's main employer where that changes: the contact itself is written, so two writers never leave two. */
async function finish(
  context: SessionContext,
  id: string,
  contact: Row,
  primaryCompanyId: string | null | undefined,
  changes: readonly EntityChange[],
): Promise<ContactRole> {
  const done = await commit(context, [...changes, ...planPrimary(contact, primaryCompanyId)])
  const link = toRecord<Association>(
    associationEntity,
    done.row('association', id),
    await maskFor(context, associationEntity),
  )
  const current = primaryCompanyId === undefined ? contact.primaryCompanyId : (primaryCompanyId ?? undefined)
  return roleOf(link, current as string | undefined, today(context))
}

function planPrimary(contact: Row, primaryCompanyId: string | null | undefined): EntityChange[] {
  if (primaryCompanyId === undefined) return []
  return [
    { kind: 'update', entity: 'contact', before: contact, values: { primaryCompanyId } },
    ...(primaryCompanyId === null
      ? []
      : [{ kind: 'require', entity: 'company', id: primaryCompanyId, is: 'present', namedBy: 'companyId' } as const]),
  ]
}

/** Only what a role has: the rest of a link is not the caller's to say. */
function pickRole(input: ContactRolePatch): Partial<RoleFields> {
  const unknown = Object.keys(input).find((field) => !(roleFields as readonly string[]).includes(field))
  if (unknown !== undefined) throw invalidField(unknown, 'is not a field of a role')
  return input as Partial<RoleFields>
}
