import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { float, instant, oneOf, structured, text } from '../../entity/field.js'
import { deriveId } from '../../kernel/id.js'

/** What became of two records that may be the same. */
export const duplicateStatuses = ['open', 'dismissed', 'merged', 'outdated'] as const

/**
 * Two records that may be the same person or company, to be looked at. `dismissed`: somebody said they are not, and they are never
 * proposed again. `outdated`: the last scan did not find them any more.
 */
export const duplicateEntity = defineEntity({
  name: 'duplicate',
  schema: z.strictObject({
    /** `contact` or `company`. */
    object: text({ immutable: true }),
    /** The smaller of the two ids. */
    leftId: text({ immutable: true }),
    rightId: text({ immutable: true }),
    status: oneOf(duplicateStatuses),
  }),
  derived: z.strictObject({
    /** 0–1. */
    probability: z.optional(float()),
    /** Codes such as `email.same` with their weight in bits; no values. */
    reasons: z.optional(structured(z.array(z.unknown()))),
    foundAt: z.optional(instant()),
    /** The scan that found them last. */
    runId: z.optional(text()),
  }),
  access: { reach: 'tenant' },
  polymorphicReferences: [
    { type: 'object', id: 'leftId' },
    { type: 'object', id: 'rightId' },
  ],
  indexes: [
    { name: 'status', on: ['status', '-probability'], live: true },
    { name: 'object_status', on: ['object', 'status'], live: true },
    { name: 'left', on: ['object', 'leftId'], live: true },
    { name: 'right', on: ['object', 'rightId'], live: true },
  ],
})

/** Two records that may be the same. */
export type Duplicate = RecordOf<typeof duplicateEntity>

/** A pair of ids, the smaller one first. */
export function orderedPair(a: string, b: string): readonly [string, string] {
  return a < b ? [a, b] : [b, a]
}

/** The id of a pair follows from its records, so that it is the same in every scan. */
export function duplicateId(object: string, a: string, b: string): string {
  return deriveId('duplicate', object, ...orderedPair(a, b))
}
