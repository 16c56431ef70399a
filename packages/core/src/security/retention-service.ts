import { requireRight } from '../entity/commit-rights.js'
import { createRecordService, type NewOf, type PatchOf, type RecordService } from '../entity/record-service.js'
import type { Run } from '../entity/run-entity.js'
import type { RunEngine } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { invalidField } from '../kernel/crm-error.js'
import { instantOf, requireInstant } from '../kernel/instant.js'
import { dueRecords } from './due-records.js'
import { erasureEntity } from './erasure-entity.js'
import { type RetentionPolicy, retentionPolicyEntity } from './retention-policy.js'

/** What a policy would do. */
export interface RetentionForecast {
  readonly policyId: string
  readonly object: string
  readonly action: RetentionPolicy['action']
  /** Records whose time is over and that would go. */
  readonly due: number
  /** Records whose time is over but that a legal hold keeps. */
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
        let [due, held] = [0, 0]
        for await (const record of dueRecords(context, policy, moment)) {
          if (record.held) held++
          else due++
        }
        forecasts.push({ policyId: policy.id, object: policy.object, action: policy.action, due, held })
      }
      return forecasts
    },
    async apply() {
      await requireRight(context, erasureEntity, 'create')
      return runs.start(context, 'privacy.retain', { at: instantOf(context.clock.now()) })
    },
  }
}

function refuseUnknown(context: SessionContext, input: NewOf<typeof retentionPolicyEntity>): void {
  const { object, since } = input ?? {}
  if (typeof object !== 'string' || typeof since !== 'string') return
  if (!context.registry.has(object) || context.registry.get(object).kind !== 'record')
    throw invalidField('object', 'must name an entity such as ticket')
  if (context.registry.get(object).storage.fields[since]?.type !== 'instant')
    throw invalidField('since', 'must name a moment of the entity, such as createdAt')
}
