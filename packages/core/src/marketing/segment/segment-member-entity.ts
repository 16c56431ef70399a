import * as z from 'zod/mini'
import { defineEntity } from '../../entity/entity.js'
import { oneOf, reference, text } from '../../entity/field.js'

/** That somebody is on the list of a static segment. A pair of type and id, so that merging moves it and never doubles it. */
export const segmentMemberEntity = defineEntity({
  name: 'segmentMember',
  schema: z.strictObject({
    segmentId: reference('segment', { immutable: true }),
    objectType: oneOf(['contact'], { immutable: true }),
    recordId: text({ minLength: 1, maxLength: 64 }),
  }),
  access: { reach: { parent: 'segment', field: 'segmentId' } },
  polymorphicReferences: [{ type: 'objectType', id: 'recordId' }],
  uniqueKey: (row) => segmentMemberKey(row.segmentId as string, row.recordId as string),
  indexes: [
    { name: 'segment', on: ['segmentId', 'recordId'], live: true },
    { name: 'record', on: ['objectType', 'recordId'], live: true },
  ],
})

/** What tells memberships apart. */
export function segmentMemberKey(segmentId: string, contactId: string): string {
  return `${segmentId}:${contactId}`
}
