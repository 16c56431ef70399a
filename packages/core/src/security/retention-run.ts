import type { Checkpoint } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { isCrmError } from '../kernel/crm-error.js'
import { dueFacts } from './due-facts.js'
import { dueRecords } from './due-records.js'
import { eraseSubject } from './erase-subject.js'
import type { RetentionPolicy } from './retention-policy.js'
import { pagesOf } from './subject-rows.js'

/** Applies the policies as of a moment. After an interruption it goes on with what is still due. */
export async function applyPolicies(
  context: SessionContext,
  { at }: { readonly at: string },
  checkpoint: Checkpoint,
): Promise<{ readonly applied: number; readonly held: number }> {
  const runId = context.cause?.replace(/^run:/, '') ?? ''
  let [applied, held, written] = [0, 0, 0]
  for await (const policy of policiesOf(context)) {
    if (context.registry.get(policy.object).expires) {
      for await (const facts of dueFacts(context, policy, Date.parse(at), checkpoint.signal)) {
        const count = await facts.apply()
        applied += count
        written += count
        held += facts.held
        await checkpoint.save({ cursor: {}, done: written, counts: { applied, held } })
      }
      continue
    }
    for await (const record of dueRecords(context, policy, Date.parse(at))) {
      if (record.held) {
        held++
        continue
      }
      const order = {
        entity: policy.object,
        id: record.row.id,
        mode: policy.action,
        reason: 'retention',
        runId,
        suppresses: false,
      }
      const base = written
      const save = (done: number): Promise<void> => {
        written = base + done
        return checkpoint.save({ cursor: {}, done: written, counts: { applied, held } })
      }
      try {
        await eraseSubject(context, order, { signal: checkpoint.signal, done: save })
        applied++
      } catch (error) {
        if (!isCrmError(error, 'rule_violated') || error.details.reason !== 'legal_hold') throw error
        held++
      }
    }
  }
  return { applied, held }
}

/** The right was checked when the run was started; a host's roles need not know the worker. */
async function* policiesOf(context: SessionContext): AsyncGenerator<RetentionPolicy> {
  for await (const rows of pagesOf(context, 'retentionPolicy', { op: 'isNull', path: 'deletedAt' }))
    yield* rows as unknown as readonly RetentionPolicy[]
}
