import * as z from 'zod/mini'
import { requireRight } from '../../entity/commit-rights.js'
import { oneOf, text } from '../../entity/field.js'
import { check } from '../../entity/input.js'
import { findRecords, readOne } from '../../entity/record-reader.js'
import type { Run } from '../../entity/run-entity.js'
import type { RunEngine } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { toInstant } from '../../kernel/instant.js'
import { defaultEngagementModel, type EngagementModel, engagementModelSchema } from './engagement-model.js'
import { type Score, type ScoreModel, scoreEntity, scoreModels } from './score-entity.js'
import type { PurchaseModel } from './scoring-job.js'

/** How scores are refreshed. */
export interface RefreshOptions {
  /** The moment to score at: a day (`1997-09-30`, counted to its end in UTC) or an instant. Nothing later counts. */
  readonly asOf: string
  /** Default `mbg_nbd`. */
  readonly purchaseModel?: PurchaseModel
  /** For `engagement`: points of the types of event; by default views, searches and carts of the last months. */
  readonly engagement?: EngagementModel
}

/** Scores of customers. */
export interface ScoreService {
  /** Starts scoring all customers; the run tells how far it is, and its result holds the fitted parameters. */
  refresh(models: readonly ScoreModel[], options: RefreshOptions): Promise<Run>
  /** The newest scores of a contact, one per model, with reasons. */
  of(subject: { readonly type: 'contact'; readonly id: string }): Promise<Score[]>
}

const optionsSchema = z.strictObject({
  models: z.array(oneOf(scoreModels)).check(z.minLength(1), z.maxLength(scoreModels.length)),
  asOf: text({ maxLength: 40 }),
  purchaseModel: z._default(oneOf(['bg_nbd', 'mbg_nbd']), 'mbg_nbd'),
  engagement: z.optional(engagementModelSchema),
})

/** Scores of a session. */
export function createScoreService(context: SessionContext, runs: RunEngine): ScoreService {
  return {
    async refresh(models, options) {
      await requireRight(context, scoreEntity, 'create')
      const asked = check(scoreEntity, optionsSchema, { ...options, models })
      const asOf = /^\d{4}-\d{2}-\d{2}$/.test(asked.asOf)
        ? toInstant(`${asked.asOf}T23:59:59.999Z`)
        : toInstant(asked.asOf)
      if (asOf === undefined) throw invalidField('asOf', 'must be a day such as 1997-09-30, or a moment')
      return runs.start(context, 'scores.refresh', {
        engagement: defaultEngagementModel,
        ...asked,
        asOf,
        timeZone: 'UTC',
      })
    },
    async of(subject) {
      await readOne(context, context.registry.get('contact'), subject.id)
      return readScores(context, subject.id)
    },
  }
}

/** Scores of a contact that was checked already. */
export async function readScores(context: SessionContext, contactId: string): Promise<Score[]> {
  const page = await findRecords<Score>(context, scoreEntity, {
    where: { subjectType: 'contact', subjectId: contactId },
    orderBy: ['model'],
    limit: 100,
  })
  return [...page.items]
}
