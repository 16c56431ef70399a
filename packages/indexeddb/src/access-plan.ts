import { type EntityDef, type OrderTerm, resolvePath, type Scalar } from '@rapport/core/storage'
import { type Candidate, candidateOf, fixedPrefix, prefixRange, termRange } from './candidate.js'
import type { FilterConditions } from './filter-conditions.js'
import { isEmpty, type TextRange } from './key-range.js'
import type { IndexEntry } from './layout.js'
import type { KeySpace } from './row-index.js'
import type { EntityIndexes } from './stored-schema.js'
import { planWalk, type Walk } from './walk-plan.js'

/** Reads all rows of some ranges, to be sorted afterwards. */
export interface Gather {
  readonly by: 'ranges'
  readonly space: KeySpace
  readonly ranges: readonly TextRange[]
}

/** Reads all rows that hold one of some members. */
export interface GatherMembers {
  readonly by: 'members'
  readonly entries: readonly IndexEntry[]
}

/** Reads rows by their ids. */
export interface GatherIds {
  readonly by: 'ids'
  readonly ids: readonly string[]
}

/** A way to all rows that a query may return, in no order. */
export type Reach = Gather | GatherMembers | GatherIds

/** How to reach the rows of a query: in its order, or all of them to sort, or whichever turns out to read less. */
export interface AccessPlan {
  readonly walk?: Walk
  readonly reach?: Reach
}

/** What is asked for. Without an order, any will do. */
export interface Question {
  readonly order?: readonly OrderTerm[] | undefined
  readonly after?: readonly (Scalar | null)[] | undefined
}

/** How selective a list membership is taken to be, as one equality. */
const membersSelectivity = 2

/** Chooses how to read a query. Nothing is counted: the more conditions an index serves, the less it is taken to hold. */
export function planAccess(
  def: EntityDef,
  indexes: EntityIndexes,
  tenantId: string,
  conditions: FilterConditions,
  { order, after }: Question,
): AccessPlan {
  const ids = idsOf(conditions)
  if (ids) return { reach: { by: 'ids', ids } }
  const candidates = [indexes.rows, ...indexes.ordered.filter((index) => index.ready && hasTypesOf(index, def))]
    .filter((space) => !space.live || isLive(conditions))
    .map((space) => candidateOf(space, conditions))
  const reach = reachOf(candidates, indexes, tenantId, conditions)
  if (!order) return { reach: reach.by }
  let walk: Walk | undefined
  let walkSelectivity = -1
  for (const candidate of candidates) {
    if (candidate.walkSelectivity <= walkSelectivity) continue
    const found = planWalk(def, candidate, tenantId, conditions, { order, after })
    if (!found) continue
    walk = found
    walkSelectivity = candidate.walkSelectivity
  }
  if (!walk) return { reach: reach.by }
  return walkSelectivity >= reach.selectivity ? { walk } : { walk, reach: reach.by }
}

function reachOf(
  candidates: readonly Candidate[],
  indexes: EntityIndexes,
  tenantId: string,
  conditions: FilterConditions,
): { readonly by: Reach; readonly selectivity: number } {
  const best = candidates.reduce((most, next) => (next.selectivity > most.selectivity ? next : most))
  const members = best.selectivity < membersSelectivity && membersOf(indexes, tenantId, conditions)
  if (members) return { by: members, selectivity: membersSelectivity }
  return { by: gatherOf(best, tenantId, conditions), selectivity: best.selectivity }
}

/** Another release may have declared the same index over fields of other types. */
function hasTypesOf({ terms }: KeySpace, def: EntityDef): boolean {
  return terms.every(({ path, type }) => resolvePath(def, path)?.type === type)
}

function idsOf({ equal, oneOf }: FilterConditions): readonly string[] | undefined {
  if (!equal.has('id')) return oneOf.get('id') as readonly string[] | undefined
  const id = equal.get('id')
  return typeof id === 'string' ? [id] : []
}

function isLive({ equal }: FilterConditions): boolean {
  return equal.has('deletedAt') && equal.get('deletedAt') === undefined
}

function membersOf(indexes: EntityIndexes, tenantId: string, conditions: FilterConditions): GatherMembers | undefined {
  for (const [path, members] of conditions.members) {
    const index = indexes.members.find((held) => held.path === path && held.ready && (!held.live || isLive(conditions)))
    if (index) return { by: 'members', entries: members.map((member) => index.entry(tenantId, member)) }
  }
  return undefined
}

function gatherOf(candidate: Candidate, tenantId: string, conditions: FilterConditions): Gather {
  const { space, range, values, next } = candidate
  const prefix = fixedPrefix(candidate, tenantId, conditions)
  const ranges =
    range && next
      ? [termRange(prefix, next, range)]
      : values && next
        ? values.map((value) => prefixRange(prefix + next.encode(value)))
        : [prefixRange(prefix)]
  return { by: 'ranges', space, ranges: ranges.filter((text) => !isEmpty(text)) }
}
