import { resolveFolding, toFilter } from '../entity/where.js'
import { instantOf } from '../kernel/instant.js'
import { compileFilter } from '../storage/evaluate-filter.js'
import { allOf, anyOf, type Filter } from '../storage/filter.js'
import type { Path, Row } from '../storage/row.js'
import { type OwnedEntity, ownedBy } from './owned-entities.js'
import type { RecycleRule } from './recycle-rule-entity.js'

const dayMs = 86_400_000

/** What a rule says of a record: its time is over, or would be were it not excepted. */
export interface RecycleVerdict {
  readonly rule: RecycleRule
  readonly excepted: boolean
}

/** The records whose time is over by one rule at a moment, excepted ones too. */
export function recycleFilter({ entity, ownerField }: OwnedEntity, rule: RecycleRule, asOfMs: number): Filter {
  const until = instantOf(asOfMs - rule.afterDays * dayMs)
  const before = (path: Path): Filter => ({ op: 'lte', path, value: until })
  const missing = (path: Path): Filter => ({ op: 'isNull', path })
  return allOf(
    ownedBy(ownerField),
    // Records from before this was kept count from their last change.
    anyOf(before('ownedSince'), allOf(missing('ownedSince'), before('updatedAt'))),
    rule.since === 'lastActivity' ? anyOf(before('lastActivityAt'), missing('lastActivityAt')) : undefined,
    rule.where && resolveFolding(entity, toFilter(rule.where)),
  )
}

/** Decides by rules in their order: the first one whose time is over counts. Pure. */
export function recycleVerdicts(
  owned: OwnedEntity,
  rules: readonly RecycleRule[],
  asOfMs: number,
): (row: Row) => RecycleVerdict | undefined {
  const { entity } = owned
  const compiled = rules.map((rule) => ({
    rule,
    isDue: compileFilter(entity.storage, recycleFilter(owned, rule, asOfMs)),
    isExcepted: rule.except && compileFilter(entity.storage, resolveFolding(entity, toFilter(rule.except))),
  }))
  return (row) => {
    const verdicts = compiled.filter(({ isDue }) => isDue(row))
    const [first] = verdicts
    if (!first) return undefined
    // An exception to one rule is none to another.
    const due = verdicts.find(({ isExcepted }) => !isExcepted?.(row))
    return { rule: (due ?? first).rule, excepted: due === undefined }
  }
}
