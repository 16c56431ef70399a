import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { bool, date, oneOf, text } from '../../entity/field.js'
import type { NewOf } from '../../entity/record-service.js'
import { pairKey } from './association-rules.js'

/** What a person has to say when the company decides. */
export const decisionRoles = [
  'decisionMaker',
  'champion',
  'influencer',
  'evaluator',
  'billing',
  'user',
  'blocker',
  'other',
] as const

/**
 * A labelled, directed link between two records. Programs rely on `typeKey`, people read the labels. One link of a type in
 * one direction exists at most once between two records at a time; one that has ended makes room for the next.
 */
export const associationEntity = defineEntity({
  name: 'association',
  schema: z.strictObject({
    fromType: text({ minLength: 1, maxLength: 64, immutable: true }),
    fromId: text({ minLength: 1, maxLength: 64, immutable: true }),
    toType: text({ minLength: 1, maxLength: 64, immutable: true }),
    toId: text({ minLength: 1, maxLength: 64, immutable: true }),
    /** Stable name of the kind of link, such as `worksAt`. */
    typeKey: text({ minLength: 1, maxLength: 64, immutable: true }),
    category: z._default(oneOf(['system', 'app', 'plugin']), 'app'),
    /** How the link reads from its first record: “works at”. */
    label: z.optional(text()),
    /** How it reads from its second record: “employs”. */
    inverseLabel: z.optional(text()),
    /** It means the same in both directions, so the two records have it once. */
    symmetric: z.optional(bool({ immutable: true })),
    isPrimary: z._default(bool(), false),
    role: z.optional(text({ personal: true })),
    /** Of a person in a company. */
    title: z.optional(text({ personal: true })),
    department: z.optional(text({ personal: true })),
    decisionRole: z.optional(oneOf(decisionRoles, { personal: true })),
    /** First and last day it held; a former colleague stays visible. */
    from: z.optional(date()),
    to: z.optional(date()),
  }),
  access: { reach: 'tenant' },
  polymorphicReferences: [
    { type: 'fromType', id: 'fromId' },
    { type: 'toType', id: 'toId' },
  ],
  indexes: [
    { name: 'from', on: ['fromType', 'fromId', 'typeKey'], live: true },
    { name: 'to', on: ['toType', 'toId', 'typeKey'], live: true },
  ],
  uniqueKey: pairKey,
  uniqueRemedy: { field: 'typeKey', remedy: 'the two records are linked like this already' },
})

/** A link between two records. */
export type Association = RecordOf<typeof associationEntity>

/** Input of a new link. */
export type NewAssociation = NewOf<typeof associationEntity>
