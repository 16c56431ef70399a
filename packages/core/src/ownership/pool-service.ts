import { levelFor } from '../access/access-context.js'
import type { BaseRecord } from '../entity/base-record.js'
import { accessDenied } from '../entity/commit-rights.js'
import { countRecords, type FindOptions, findRecords } from '../entity/record-reader.js'
import { createRecordService, type NewOf, type PatchOf, type RecordService } from '../entity/record-service.js'
import type { Run } from '../entity/run-entity.js'
import type { RunEngine } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import type { Where } from '../entity/where.js'
import { invalidField } from '../kernel/crm-error.js'
import { instantOf, requireInstant } from '../kernel/instant.js'
import type { Page } from '../kernel/page.js'
import { claimableEntity, pooledEntity, reachingAll } from './pool-access.js'
import { claimRecord, type PoolTurn, releaseRecord } from './pool-claim.js'
import { type PoolPolicy, poolPolicyEntity } from './pool-policy-entity.js'
import { activeRules } from './recycle-candidates.js'
import { type RecycleRule, recycleRuleEntity } from './recycle-rule-entity.js'
import { forecastRecycle, type RecycleForecast } from './recycle-run.js'
import { recycleKind } from './run-kinds.js'

/** Limits of claiming, one policy per entity of the pool. */
export type PoolPolicyService = RecordService<
  PoolPolicy,
  NewOf<typeof poolPolicyEntity>,
  PatchOf<typeof poolPolicyEntity>
>

/** When records go back into the pool. */
export type RecycleRuleService = RecordService<
  RecycleRule,
  NewOf<typeof recycleRuleEntity>,
  PatchOf<typeof recycleRuleEntity>
>

/** Records without an owner, for members to take. `Records` are the records of the pool by entity. */
export interface PoolService<Records extends Readonly<Record<string, BaseRecord>> = Record<string, BaseRecord>> {
  /** One page of what stands in the pool, also for who otherwise sees only its own records. */
  list<Name extends keyof Records & string>(object: Name, options?: FindOptions): Promise<Page<Records[Name]>>
  /**
   * Makes the actor the owner. Of several at once one gets it, the others a `conflict` with reason `claimed`. Throws `rule_violated`
   * with reason `claims_per_day`, `records_owned`, `cool_down` or `inactive_member`.
   */
  claim(id: string): Promise<PoolTurn>
  /** Puts a record into the pool. The reason is kept in its journal: 1 to 200 characters, nothing personal. */
  release(id: string, reason: string): Promise<PoolTurn>
  readonly policies: PoolPolicyService
  readonly rules: RecycleRuleService
  /** What recycling would do at a moment; now when left out. Changes nothing. */
  planRecycle(asOf?: string): Promise<RecycleForecast[]>
  /** Puts records whose time is over into the pool as a run, with `recycled` by entity as its result. `ownership.undo` takes it back. */
  recycle(): Promise<Run>
}

/** The public pool of a session. */
export function createPoolService<Records extends Readonly<Record<string, BaseRecord>>>(
  context: SessionContext,
  runs: RunEngine,
): PoolService<Records> {
  return {
    async list<Name extends keyof Records & string>(object: Name, options: FindOptions = {}) {
      const { entity, ownerField } = await claimableEntity(context, object)
      const without: Where = { op: 'isNull', path: ownerField }
      const where: Where = options.where === undefined ? without : { and: [without, options.where] }
      return findRecords<Records[Name]>(reachingAll(context, entity.name), entity, {
        ...options,
        where,
        includeDeleted: false,
      })
    },
    claim: (id) => claimRecord(context, id),
    release: (id, reason) => releaseRecord(context, id, reason),
    policies: createPoolPolicyService(context),
    rules: createRecycleRuleService(context),
    async planRecycle(asOf) {
      await requireAllRecords(context)
      const moment = asOf === undefined ? context.clock.now() : Date.parse(requireInstant(asOf, 'asOf'))
      return forecastRecycle(context, moment)
    },
    async recycle() {
      await requireAllRecords(context)
      return runs.start(context, recycleKind, { asOf: instantOf(context.clock.now()), starter: context.actor })
    },
  }
}

function createPoolPolicyService(context: SessionContext): PoolPolicyService {
  const records = createRecordService(context, poolPolicyEntity)
  return {
    ...records,
    async create(input) {
      pooledEntity(context, input?.object)
      return records.create(input)
    },
  }
}

function createRecycleRuleService(context: SessionContext): RecycleRuleService {
  const records = createRecordService(context, recycleRuleEntity)
  return {
    ...records,
    async create(input) {
      await refuseUnusable(context, input?.object, input)
      return records.create(input)
    },
    async update(id, patch, options) {
      const rule = await records.get(id)
      await refuseUnusable(context, rule.object, { ...rule, ...patch })
      return records.update(id, patch, options)
    },
  }
}

/** Refuses a rule that would fail when it is applied: one for another entity, or over fields that are not there. */
async function refuseUnusable(
  context: SessionContext,
  object: unknown,
  { where, except, unless }: PatchOf<typeof recycleRuleEntity> = {},
): Promise<void> {
  const { entity } = pooledEntity(context, object)
  for (const filter of [where, except]) if (filter) await countRecords(context, entity, { where: filter as Where })
  for (const [index, other] of (Array.isArray(unless) ? unless : []).entries()) {
    const related = context.registry.has(other?.entity) ? context.registry.get(other.entity) : undefined
    if (related?.kind !== 'record') throw invalidField(`unless.${index}.entity`, 'must name an entity such as order')
    if (related.fields.get(other.field)?.references !== entity.name)
      throw invalidField(`unless.${index}.field`, `must name a field that refers to a ${entity.name}`)
    if (other.where) await countRecords(context, related, { where: other.where as Where })
  }
}

/** Recycling takes records away from others: only for who may change them all. */
async function requireAllRecords(context: SessionContext): Promise<void> {
  const access = await context.access()
  for (const { owned } of await activeRules(context)) {
    const { name } = owned.entity
    const level = levelFor(access, name, 'update')
    if (access.portal || (level !== 'yes' && level !== 'all')) throw accessDenied(name, 'update')
  }
}
