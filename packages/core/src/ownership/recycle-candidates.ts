import type { SessionContext } from '../entity/session-context.js'
import { resolveFolding, toFilter } from '../entity/where.js'
import { allOf, anyOf } from '../storage/filter.js'
import type { Row } from '../storage/row.js'
import type { Place } from './move-owners.js'
import { type OwnedEntity, pooledEntities } from './owned-entities.js'
import type { RecycleRule } from './recycle-rule-entity.js'
import { recycleFilter, recycleVerdicts } from './recycle-rules.js'

/** A record whose time is over by a rule. */
export interface RecycleCandidate {
  readonly row: Row
  readonly rule: RecycleRule
  /** Stays with its owner all the same. */
  readonly exempt: boolean
}

/** The active rules by the entity of the pool they are for. The right to them was checked when the work was asked for. */
export async function activeRules(
  context: SessionContext,
): Promise<readonly { readonly owned: OwnedEntity; readonly rules: readonly RecycleRule[] }[]> {
  const { rows } = await context.storage.find({
    entity: 'recycleRule',
    where: allOf({ op: 'isNull', path: 'deletedAt' }, { op: 'eq', path: 'active', value: true }),
    order: ['createdAt', 'id'],
    limit: 1_000,
  })
  const rules = rows as unknown as readonly RecycleRule[]
  return pooledEntities(context.registry).flatMap((owned) => {
    const own = rules.filter(({ object }) => object === owned.entity.name)
    return own.length > 0 ? [{ owned, rules: own }] : []
  })
}

/** The next records behind a place whose time is over, and the place behind them; `undefined` at the end. */
export async function nextCandidates(
  context: SessionContext,
  owned: OwnedEntity,
  rules: readonly RecycleRule[],
  asOfMs: number,
  place: Place | undefined,
  limit: number,
): Promise<{ readonly candidates: readonly RecycleCandidate[]; readonly place: Place } | undefined> {
  const { rows } = await context.storage.find({
    entity: owned.entity.name,
    where: anyOf(...rules.map((rule) => recycleFilter(owned, rule, asOfMs))),
    order: ['id'],
    limit,
    ...(place && { after: place }),
  })
  const last = rows.at(-1)
  if (!last) return undefined
  const verdictOf = recycleVerdicts(owned, rules, asOfMs)
  const candidates: RecycleCandidate[] = []
  const protectedBy = await referredTo(context, rules, rows)
  for (const row of rows) {
    const verdict = verdictOf(row)
    if (!verdict) continue
    const { rule, excepted } = verdict
    candidates.push({ row, rule, exempt: excepted || protectedBy.get(rule.id)?.has(row.id) === true })
  }
  return { candidates, place: [last.id] }
}

/** For each rule, the records that others refer to as its `unless` says. */
async function referredTo(
  context: SessionContext,
  rules: readonly RecycleRule[],
  rows: readonly Row[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const byRule = new Map<string, Set<string>>()
  const ids = rows.map(({ id }) => id)
  for (const { id: ruleId, unless } of rules) {
    const referred = new Set<string>()
    for (const { entity: name, field, where } of unless) {
      const entity = context.registry.get(name)
      const groups = await context.storage.aggregate({
        entity: name,
        where: allOf(
          { op: 'isNull', path: 'deletedAt' },
          { op: 'in', path: field, values: ids },
          where && resolveFolding(entity, toFilter(where)),
        ),
        by: [field],
        compute: { count: { fn: 'count' } },
      })
      for (const { keys } of groups) referred.add(keys[0] as string)
    }
    byRule.set(ruleId, referred)
  }
  return byRule
}
