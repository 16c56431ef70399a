import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { bool, instant, int, oneOf, structured, text, texts } from '../../entity/field.js'

/**
 * A merge of records into one of them. `moving` and `reverting`: the relations are being moved and the records are as they were.
 * Values of the records are not here but in the pre-images, so that it stays when a person is erased and unmerging can say why it is
 * refused.
 */
export const mergeRecordEntity = defineEntity({
  name: 'mergeRecord',
  schema: z.strictObject({
    /** `contact` or `company`. */
    objectType: text({ immutable: true }),
    survivorId: text({ immutable: true }),
    mergedIds: texts({ immutable: true, maxItems: 50 }),
    status: oneOf(['moving', 'completed', 'reverting', 'unmerged']),
    /** How fields were chosen where the caller said so. */
    strategies: z._default(structured(z.record(z.string(), z.unknown())), {}),
    /** Fields in which the records differed and nobody said what to keep. */
    conflicts: z._default(texts(), []),
    /** What one of the records was refused. */
    restrictions: z._default(structured(z.array(z.unknown())), []),
    completedAt: z.optional(instant()),
    unmergedAt: z.optional(instant()),
  }),
  derived: z.strictObject({
    /** When it is looked for what came to refer to a merged record too late to be moved by the merge itself. */
    sweepAt: z.optional(instant()),
  }),
  access: { reach: 'tenant' },
  indexes: [
    { name: 'created', on: ['-createdAt'], live: true },
    { name: 'survivor', on: ['objectType', 'survivorId', '-createdAt'], live: true },
    { name: 'sweep', on: ['sweepAt'] },
  ],
})

/** A merge of records into one of them. */
export type MergeRecord = RecordOf<typeof mergeRecordEntity>

/**
 * A row as it was before a merge, or as the merge left it. No service shows it; unmerging needs it, and erasing a person removes
 * it.
 */
export const mergePreImageEntity = defineEntity({
  name: 'mergePreImage',
  kind: 'projection',
  schema: z.strictObject({
    mergeId: text(),
    part: oneOf(['before', 'after', 'dropped']),
    entity: text(),
    recordId: text(),
    /** Missing once a person in it was erased. */
    row: z.optional(structured(z.record(z.string(), z.unknown()), { personal: true })),
  }),
  access: { reach: 'tenant' },
  polymorphicReferences: [{ type: 'entity', id: 'recordId' }],
  indexes: [
    { name: 'merge', on: ['mergeId', 'part'] },
    { name: 'record', on: ['entity', 'recordId'] },
  ],
})

/** What a merge did to one record that referred to a merged one. */
export const mergedRelationEntity = defineEntity({
  name: 'mergedRelation',
  kind: 'projection',
  schema: z.strictObject({
    mergeId: text(),
    entity: text(),
    recordId: text(),
    /** The field that held the id; of a line of the timeline, the kind of record it shows. */
    path: text(),
    /** The record it referred to. */
    fromId: text(),
    /** `joined`: it, or another record under a unique field, referred to the survivor as well, so the merged id was taken out. */
    effect: oneOf(['moved', 'joined', 'removed', 'created']),
    /** Where the id stood in a list. */
    position: z.optional(int({ min: 0 })),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'merge', on: ['mergeId', 'effect'] }],
})

/** Where an id that was merged leads to. */
export const recordAliasEntity = defineEntity({
  name: 'recordAlias',
  kind: 'projection',
  schema: z.strictObject({
    objectType: text(),
    oldId: text(),
    recordId: text(),
    mergeId: text(),
    /** The merge is not complete: the old id still stands for its own record. */
    pending: bool(),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'record', on: ['objectType', 'recordId'] }],
})
