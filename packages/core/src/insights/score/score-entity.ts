import * as z from 'zod/mini'
import { defineEntity } from '../../entity/entity.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { float, instant, oneOf, structured, text } from '../../entity/field.js'
import { deriveId } from '../../kernel/id.js'
import type { ScoreReason } from '../../scoring/index.js'

/** Kinds of score a refresh can compute. */
export const scoreModels = ['rfm', 'clv', 'value'] as const

/** Kind of a score. */
export type ScoreModel = (typeof scoreModels)[number]

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
    /** `rfm`: mean of the three scores, 1–5. `clv` and `value`: minor units of the currency in the parameters. */
    value: float(),
    /** The segment or tier. */
    label: z.optional(text()),
    reasons: structured(z.array(z.unknown())),
    parameters: structured(z.record(z.string(), z.unknown())),
    /** The moment the score speaks of: nothing later went into it. */
    asOf: instant(),
    computedAt: instant(),
    runId: text(),
  }),
  access: { reach: 'tenant' },
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
