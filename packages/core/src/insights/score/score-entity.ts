import * as z from 'zod/mini'
import { defineEntity } from '../../entity/entity.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { float, instant, oneOf, structured, text } from '../../entity/field.js'
import { deriveId } from '../../kernel/id.js'
import type { ScoreReason } from '../../scoring/index.js'

/** Kinds of score a refresh can compute. */
export const scoreModels = [
  'rfm',
  'clv',
  'value',
  'churn',
  'relationship',
  'growth',
  'cluster',
  'next_purchase',
  'engagement',
] as const

/** Kind of a score. */
export type ScoreModel = (typeof scoreModels)[number]

/** A kind of score that follows from purchases. */
export type PurchaseScoreModel = Exclude<ScoreModel, 'engagement'>

/** The newest score of a subject by each model. */
export const scoreEntity = defineEntity({
  name: 'score',
  kind: 'projection',
  schema: z.strictObject({
    subjectType: text(),
    subjectId: text(),
    model: oneOf(scoreModels),
    /** Changes when the meaning of the value changes. */
    modelVersion: text(),
    /**
     * `rfm`: mean of the three scores, 1–5. `clv`, `value` and `growth` (bought in the last quarter): minor units of the currency in
     * the parameters. `churn`: risk, 0–1. `relationship`: place of the stage, 1–6. `cluster`: number of the group, 1 being the best.
     * `next_purchase`: similarity to what the customer has; only its order means something. `engagement`: points.
     */
    value: float(),
    /** The segment, tier, level, stage, strategy, group, or the item to recommend. */
    label: z.optional(text()),
    /** Limits of the value, and how often limits like these hold, where the model has them. */
    interval: z.optional(structured(z.strictObject({ low: z.number(), high: z.number(), level: z.number() }))),
    reasons: structured(z.array(z.unknown())),
    parameters: structured(z.record(z.string(), z.unknown())),
    /** The moment the score speaks of: nothing later went into it. */
    asOf: instant(),
    computedAt: instant(),
    runId: text(),
  }),
  access: { reach: 'tenant' },
  polymorphicReferences: [{ type: 'subjectType', id: 'subjectId' }],
  indexes: [
    { name: 'subject', on: ['subjectType', 'subjectId', 'model'] },
    { name: 'value', on: ['model', '-value'] },
  ],
})

/** A score with its reasons. */
export interface Score {
  readonly id: string
  readonly subjectType: string
  readonly subjectId: string
  readonly model: ScoreModel
  readonly modelVersion: string
  readonly value: number
  readonly label?: string
  /** Limits of the value, in its unit; `level` (0–1) is how often limits like these hold. */
  readonly interval?: { readonly low: number; readonly high: number; readonly level: number }
  readonly reasons: readonly ScoreReason[]
  readonly parameters: Readonly<Record<string, unknown>>
  readonly asOf: string
  readonly computedAt: string
  readonly runId: string
}

/** Writes the newest score of a subject by a model. */
export function planScore(score: Omit<Score, 'id'>): EntityChange {
  const id = deriveId('score', score.subjectType, score.subjectId, score.model)
  return { kind: 'project', entity: 'score', id, values: { ...score } }
}
