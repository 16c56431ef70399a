import * as z from 'zod/mini'
import { float, text } from '../../entity/field.js'
import type { EngagementRule } from '../../scoring/index.js'

/** Points for what visitors do, as data: which types of event count how much, for how long, and how much together. */
export interface EngagementModel {
  /** By type of behaviour event. */
  readonly rules: readonly EngagementRule[]
  /** Least and most points that the rules of a group give together. */
  readonly limits?: Readonly<Record<string, { readonly least?: number; readonly most?: number }>>
  /** Days after which half of an event's points are left, where its rule names no others. */
  readonly halfLifeDays: number
}

const mostPoints = 1e9
const points = float({ min: -mostPoints, max: mostPoints })
/** From a quarter of an hour to ten years. */
const halfLife = float({ min: 0.01, max: 3_650 })

/** The schema of an {@link EngagementModel}. What it lets pass, `scoreLead` takes. */
export const engagementModelSchema = z.strictObject({
  rules: z
    .array(
      z.strictObject({
        code: text({ minLength: 1, maxLength: 64 }),
        group: z.optional(text({ minLength: 1, maxLength: 64 })),
        points,
        halfLifeDays: z.optional(halfLife),
      }),
    )
    .check(z.minLength(1), z.maxLength(50)),
  limits: z.optional(
    z.record(
      z.string(),
      z.strictObject({ least: z.optional(points), most: z.optional(points) }).check(
        z.refine(({ least = -mostPoints, most = mostPoints }) => least <= most, {
          error: 'leaves no number of points',
        }),
      ),
    ),
  ),
  halfLifeDays: halfLife,
})

/** Views, searches and carts of the last months, at most 100 points together. */
export const defaultEngagementModel: EngagementModel = {
  rules: [
    { code: 'view', group: 'view', points: 1 },
    { code: 'search', group: 'search', points: 2 },
    { code: 'cart', group: 'cart', points: 5 },
  ],
  limits: { view: { most: 25 }, search: { most: 25 }, cart: { most: 50 } },
  halfLifeDays: 30,
}
