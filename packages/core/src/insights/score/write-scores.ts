import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import { isCrmError } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import { contactScores } from './contact-scores.js'
import type { RowScore } from './row-scores.js'
import { planScore, type ScoreModel } from './score-entity.js'

/** Scores of one contact by model. */
export interface ContactScores {
  readonly contactId: string
  readonly scores: ReadonlyMap<ScoreModel, RowScore>
}

const modelVersion = '1'

/** One batch of scores with their projections onto contacts. When a contact is gone, the others are written without it. */
export async function writeScores(
  context: SessionContext,
  { asOf, runId }: { readonly asOf: string; readonly runId: string },
  scored: readonly ContactScores[],
): Promise<void> {
  const computedAt = instantOf(context.clock.now())
  const plan = ({ contactId, scores }: ContactScores): EntityChange[] => [
    ...[...scores].map(([model, score]) =>
      planScore({
        subjectType: 'contact',
        subjectId: contactId,
        model,
        modelVersion,
        ...score,
        asOf,
        computedAt,
        runId,
      }),
    ),
    contactScores(contactId, scores, asOf),
  ]
  try {
    await commit(context, scored.flatMap(plan))
  } catch (error) {
    if (!isGone(error)) throw error
    const contacts = await context.storage.getMany(
      'contact',
      scored.map(({ contactId }) => contactId),
    )
    await commit(context, scored.filter((_, index) => contacts[index] !== undefined).flatMap(plan))
  }
}

function isGone(error: unknown): boolean {
  return isCrmError(error, 'not_found') || (isCrmError(error, 'conflict') && error.details.reason === 'check')
}
