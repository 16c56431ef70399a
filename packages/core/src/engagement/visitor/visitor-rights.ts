import { isPortalActor } from '../../access/actor.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'
import { type Device, readDevices } from './visitor-epochs.js'

/**
 * Whether the actor may speak for whoever uses a device. A member with the right to the entity may; a portal actor only for itself: an
 * anonymous one for the visitor whose id it acts under, a signed-in one for a device where it signed in last.
 */
export function speaksFor({ actor }: SessionContext, { root, current }: Device): boolean {
  if (!isPortalActor(actor)) return true
  if (actor.type === 'contact') return current.contactId === actor.id
  return actor.id === root.id || actor.id === current.id
}

/** The device of a visitor the actor may speak for. Throws `not_found` for any other, whether or not it exists. */
export async function requireDevice(context: SessionContext, visitorId: unknown): Promise<Device> {
  const device = await findDevice(context, visitorId)
  if (device && speaksFor(context, device)) return device
  throw unknownVisitor()
}

/** The device of a visitor, whoever asks: its id is proof enough to sign in there. Throws `not_found` when there is none. */
export async function requireAnyDevice(context: SessionContext, visitorId: unknown): Promise<Device> {
  const device = await findDevice(context, visitorId)
  if (device) return device
  throw unknownVisitor()
}

async function findDevice(context: SessionContext, visitorId: unknown): Promise<Device | undefined> {
  if (typeof visitorId !== 'string' || visitorId === '') throw invalidField('visitorId', 'must be the id of a visitor')
  return (await readDevices(context, [visitorId])).get(visitorId)
}

function unknownVisitor(): CrmError {
  return new CrmError('not_found', 'There is no visitor with this id', {
    entity: 'visitor',
    remedy: 'mint an id with visitors.start',
  })
}
