import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { oneOf, structured, text } from '../../entity/field.js'
import type { NewOf, PatchOf } from '../../entity/record-service.js'
import type { SegmentCondition } from './segment-definition.js'

/** A group of contacts: by a rule that is asked anew each time (`dynamic`), or by a list (`static`). */
export const segmentEntity = defineEntity({
  name: 'segment',
  schema: z.strictObject({
    name: text({ minLength: 1, maxLength: 200, folded: true }),
    kind: oneOf(['dynamic', 'static'], { immutable: true }),
    objectType: z._default(oneOf(['contact'], { immutable: true }), 'contact'),
    /** Who belongs to it, where it is dynamic. */
    definition: z.optional(
      structured(z.custom<SegmentCondition>((value) => typeof value === 'object' && value !== null)),
    ),
  }),
  access: { reach: 'owned' },
  indexes: [{ name: 'name', on: ['name'], live: true }],
})

/** A group of contacts. */
export type Segment = RecordOf<typeof segmentEntity>

/** Input of a new segment: a dynamic one has a definition, a static one none. */
export type NewSegment = NewOf<typeof segmentEntity>

/** Input of a change of a segment. */
export type SegmentPatch = PatchOf<typeof segmentEntity>
