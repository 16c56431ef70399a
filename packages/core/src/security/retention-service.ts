import { requireRight } from '../entity/commit-rights.js'
import { createRecordService, type NewOf, type PatchOf, type RecordService } from '../entity/record-service.js'
import type { Run } from '../entity/run-entity.js'
import type { RunEngine } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { invalidField } from '../kernel/crm-error.js'
import { instantOf, requireInstant } from '../kernel/instant.js'
import { dueFacts } from './due-facts.js'
import { dueRecords } from './due-records.js'
import { erasureEntity } from './erasure-entity.js'
import { type RetentionPolicy, retentionPolicyEntity } from './retention-policy.js'

/** What a policy would do. */
export interface RetentionForecast {
  readonly policyId: string
  readonly object: string
  readonly action: RetentionPolicy['action']
  /** Records or events whose time is over and that would go. */
  readonly due: number
  /** Those whose time is over but that a legal hold keeps. */
  readonly held: number
}

/** How long records are kept. Nothing happens by itself: the host plans and applies, from its own clock. */
export interface RetentionService
  extends RecordService<RetentionPolicy, NewOf<typeof retentionPolicyEntity>, PatchOf<typeof retentionPolicyEntity>> {
  /** What would go at a moment; now when left out. Changes nothing. */
  plan(at?: string): Promise<RetentionForecast[]>
  /** Applies all policies as a run. */
  apply(): Promise<Run>
}

/** Retention of a session. */
export function createRetentionService(context: SessionContext, runs: RunEngine): RetentionService {
  const records = createRecordService(context, retentionPolicyEntity)
  return {
    ...records,
    async create(input) {
      refuseUnknown(context, input)
      return records.create(input)
    },
    async plan(at) {
      await requireRight(context, erasureEntity, 'read')
      const moment = at === undefined ? context.clock.now() : Date.parse(requireInstant(at, 'at'))
      const forecasts: RetentionForecast[] = []
      for await (const policy of records.each()) {
        const { id: policyId, object, action } = policy
        forecasts.push({ policyId, object, action, ...(await countDue(context, policy, moment)) })
      }
      return forecasts
    },
    async apply() {
      await requireRight(context, erasureEntity, 'create')
      return runs.start(context, 'privacy.retain', { at: instantOf(context.clock.now()) })
    },
  }
}

async function countDue(
  context: SessionContext,
  policy: RetentionPolicy,
  at: number,
): Promise<Pick<RetentionForecast, 'due' | 'held'>> {
  let [due, held] = [0, 0]
  if (context.registry.get(policy.object).expires) {
    for await (const facts of dueFacts(context, policy, at)) {
      due += facts.due.length
      held += facts.held
    }
    return { due, held }
  }
  for await (const record of dueRecords(context, policy, at)) {
    if (record.held) held++
    else due++
  }
  return { due, held }
}

function refuseUnknown(context: SessionContext, input: NewOf<typeof retentionPolicyEntity>): void {
  const { object, since } = input ?? {}
  if (typeof object !== 'string' || typeof since !== 'string') return
  const entity = context.registry.has(object) ? context.registry.get(object) : undefined
  if (!entity || (entity.kind !== 'record' && !entity.expires))
    throw invalidField('object', 'must name an entity such as ticket')
  if (entity.storage.fields[since]?.type !== 'instant')
    throw invalidField('since', 'must name a moment of the entity, such as createdAt')
}
