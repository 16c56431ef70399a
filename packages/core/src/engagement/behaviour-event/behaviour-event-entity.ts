import * as z from 'zod/mini'
import { defineEntity } from '../../entity/entity.js'
import { instant, reference, text } from '../../entity/field.js'
import { deriveId } from '../../kernel/id.js'
import { type BehaviourProperty, behaviourSchema } from './behaviour-event.js'

/**
 * Something a visitor did: looked, searched, put into the cart. Facts that never change and come by the million, so they have no
 * journal; they come and go with their visitor, or with their age.
 */
export const behaviourEventEntity = defineEntity({
  name: 'behaviourEvent',
  kind: 'projection',
  expires: true,
  schema: z.strictObject({
    visitorId: reference('visitor'),
    ...behaviourSchema,
    receivedAt: instant(),
    /** The statement that allowed to keep it. */
    consentId: text({ maxLength: 64 }),
  }),
  access: { reach: { parent: 'visitor', field: 'visitorId' } },
  indexes: [
    { name: 'type', on: ['visitorId', 'type', 'at'] },
    { name: 'newest', on: ['visitorId', '-at'] },
  ],
})

/** Something a visitor did, as the actor may see it. */
export interface BehaviourEvent {
  readonly id: string
  readonly visitorId: string
  readonly type: string
  readonly at: string
  readonly receivedAt: string
  readonly purpose: string
  readonly page?: string
  readonly product?: string
  readonly query?: string
  readonly properties?: Readonly<Record<string, BehaviourProperty>>
  readonly consentId: string
}

/** The id of an event follows from the device and the name it was given there, so it is kept only once. */
export function behaviourEventId(rootId: string, eventId: string): string {
  return deriveId('behaviourEvent', rootId, eventId)
}
