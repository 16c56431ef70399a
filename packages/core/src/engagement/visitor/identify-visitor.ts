import * as z from 'zod/mini'
import { isPortalActor } from '../../access/actor.js'
import { commit } from '../../entity/commit.js'
import { accessDenied, requireRight } from '../../entity/commit-rights.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { reference } from '../../entity/field.js'
import { check } from '../../entity/input.js'
import { retryOnConflict } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { validationError } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import type { Row } from '../../storage/row.js'
import { claimShape, findClaimedContact } from './claimed-contact.js'
import { newVisitorId, visitorEntity } from './visitor-entity.js'
import type { Device } from './visitor-epochs.js'
import { requireAnyDevice, requireDevice } from './visitor-rights.js'

const claimSchema = z.strictObject({ visitorId: reference('visitor'), verified: z.boolean(), ...claimShape })

/** Who a visitor says to be: exactly one of `contactId`, `externalRef` and `email`, and whether the host has proof of it. */
export type VisitorClaim = z.input<typeof claimSchema>

/**
 * What became of a claim.
 * - `linked`: the visitor, with all that happened there, is the contact's.
 * - `already_linked`: it was.
 * - `new_epoch`: somebody else had signed in on the device, so a new visitor of it is the contact's. What happened before stays.
 * - `unverified`: nothing was looked up and nothing changed.
 */
export interface VisitorIdentity {
  readonly outcome: 'linked' | 'already_linked' | 'new_epoch' | 'unverified'
  /** The visitor of the present epoch. The id that the device has goes on to stand for it. */
  readonly visitorId: string
}

/**
 * Links a visitor to the contact that a verified claim names. Two contacts are never joined by it, nor is what one of them did given to
 * the other. A portal actor may only claim to be itself.
 *
 * Throws `not_found` when the visitor or the contact is not there, `access_denied` without the right to change visitors.
 */
export async function identifyVisitor(context: SessionContext, input: VisitorClaim): Promise<VisitorIdentity> {
  const { visitorId, verified, ...claim } = check(visitorEntity, claimSchema, input)
  if (Object.values(claim).filter((each) => each !== undefined).length !== 1)
    throw validationError([{ path: 'contactId', message: 'give exactly one of contactId, externalRef and email' }])
  if (!verified) return { outcome: 'unverified', visitorId }
  await requireRight(context, visitorEntity, 'update')
  const { actor } = context
  if (!isPortalActor(actor)) return link(context, visitorId, await findClaimedContact(context, claim))
  if (actor.type !== 'contact' || claim.contactId !== actor.id) throw accessDenied('visitor', 'update')
  return link(context, visitorId, actor.id)
}

/** Begins an anonymous epoch where somebody has signed in, so that what comes next is not theirs: call it when they sign out. */
export async function resetVisitor(context: SessionContext, visitorId: string): Promise<VisitorIdentity['visitorId']> {
  await requireRight(context, visitorEntity, 'update')
  return retryOnConflict(async () => {
    const device = await requireDevice(context, visitorId)
    if (device.current.contactId === undefined) return device.current.id
    return commitEpoch(context, device, undefined)
  })
}

function link(context: SessionContext, visitorId: string, contactId: string): Promise<VisitorIdentity> {
  return retryOnConflict(async () => {
    const device = await requireAnyDevice(context, visitorId)
    const { current } = device
    if (current.contactId === contactId) return { outcome: 'already_linked', visitorId: current.id }
    if (current.contactId !== undefined)
      return { outcome: 'new_epoch', visitorId: await commitEpoch(context, device, contactId) }
    const values = { contactId, identifiedAt: instantOf(context.clock.now()) }
    await commit(context, [
      { kind: 'update', entity: 'visitor', before: current, values, events: identified(contactId), implied: true },
      ...contactIsThere(contactId),
    ])
    return { outcome: 'linked', visitorId: current.id }
  })
}

/** One batch at the version of the root, so that two who sign in at once follow one another. */
async function commitEpoch(
  context: SessionContext,
  { root, current }: Device,
  contactId: string | undefined,
): Promise<string> {
  const id = newVisitorId(context.random)
  const startedAt = instantOf(context.clock.now())
  const values = { rootId: root.id, startedAt, ...(contactId !== undefined && { contactId, identifiedAt: startedAt }) }
  const events = contactId === undefined ? [] : identified(contactId)
  await commit(context, [
    { kind: 'create', entity: 'visitor', id, values, events, implied: true },
    ...planEnd(root, current, id, startedAt),
    ...(contactId === undefined ? [] : contactIsThere(contactId)),
  ])
  return id
}

/** Ends the present epoch, and lets the device lead to the next one. */
function planEnd(root: Row, current: Row, currentId: string, endedAt: string): EntityChange[] {
  const update = { kind: 'update', entity: 'visitor', implied: true } as const
  if (current.id === root.id) return [{ ...update, before: root, values: { currentId, endedAt } }]
  return [
    { ...update, before: root, values: { currentId } },
    { ...update, before: current, values: { endedAt } },
  ]
}

function identified(contactId: string): { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[] {
  return [{ type: 'visitor.identified', data: { contactId } }]
}

function contactIsThere(id: string): EntityChange[] {
  return [{ kind: 'require', entity: 'contact', id, is: 'present', namedBy: 'contactId' }]
}
