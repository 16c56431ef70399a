import { type CrmSession, isCrmError, type Run } from '@rapport/core'
import type { ImportOptions } from './import-cdnow.js'

/** The day the customers are scored at: 39 weeks after the first of them bought, as in the paper that the page quotes. */
export const scoredAsOf = '1997-09-30'

const models = ['rfm', 'clv', 'value', 'churn', 'relationship', 'cluster'] as const
const pollEveryMs = 200

/** The newest finished run that scored the demo's day by all its models, if there is one. Its result holds what it found. */
export async function finishedScoring(session: CrmSession): Promise<Run | undefined> {
  const page = await session.runs.find({
    where: { kind: 'scores.refresh', status: 'done' },
    orderBy: ['-createdAt'],
    limit: 20,
  })
  return page.items.find(({ params }) => {
    const scored = params.models as readonly string[]
    return String(params.asOf).startsWith(scoredAsOf) && models.every((model) => scored.includes(model))
  })
}

/**
 * Scores all customers as of {@link scoredAsOf} with BG/NBD, the model of the published figures, and waits for the end.
 * Repeating it writes the same scores again.
 */
export async function scoreCustomers(session: CrmSession, { progress, signal }: ImportOptions): Promise<Run> {
  signal.throwIfAborted()
  // The directory is ours alone, so whatever seems to run belongs to a process that was killed.
  const abandoned = await session.runs.find({
    where: { kind: 'scores.refresh', status: { in: ['queued', 'running'] } },
  })
  for (const run of abandoned.items) await session.runs.cancel(run.id)

  const started = await session.scores.refresh(models, { asOf: scoredAsOf, purchaseModel: 'bg_nbd' })
  const total = await session.contacts.count()
  const step = progress.step(`Scores as of ${scoredAsOf}`, total)
  const timer = setInterval(() => {
    session.runs.get(started.id).then(
      (run) => step.update(run.progress?.done ?? 0),
      () => undefined,
    )
  }, pollEveryMs)
  try {
    const run = await session.runs.wait(started.id, { signal })
    if (run.status !== 'done') throw new Error(`The scoring ended as ${run.status}: ${run.error?.message ?? ''}`)
    step.finish()
    return run
  } catch (error) {
    if (signal.aborted || isCrmError(error, 'aborted')) signal.throwIfAborted()
    throw error
  } finally {
    clearInterval(timer)
  }
}
