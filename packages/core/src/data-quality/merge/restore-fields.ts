import { sameValue } from '../../entity/canonical-json.js'
import type { CustomFields } from '../../entity/custom-fields/custom-field-catalogue.js'
import type { Path, Row } from '../../storage/row.js'
import { fieldUnits, patchOfUnits, unitValues } from './field-unit.js'
import { entryKey } from './merge-fields.js'
import type { ListEntry, ListRules, Mergeable } from './mergeable.js'

type Values = Readonly<Record<Path, unknown>>

/** The survivor's fields without what a merge brought in. */
export interface RestoredFields {
  /** By path; `null` clears. Those that stay are among them. */
  readonly values: Readonly<Record<Path, unknown>>
  /** Fields that the merge had changed and somebody changed again since: that edit is kept. */
  readonly conflicts: readonly string[]
}

/**
 * Takes a merge out of the survivor, field by field: what the merge set and nobody touched since is as it was before; what somebody
 * changed since stays. Of lists, the entries that the merge brought are taken out and those added since stay. Pure.
 */
export function restoreFields(
  mergeable: Mergeable,
  before: Row,
  after: Row,
  current: Row,
  custom?: CustomFields,
): RestoredFields {
  const conflicts: string[] = []
  const units = fieldUnits(mergeable.entity, [before, after, current], custom)
  const chosen = units.map((unit) => {
    const [was, became, is] = [before, after, current].map((row) => unitValues(unit, row)) as [Values, Values, Values]
    if (sameValue(is, became)) return [unit, was] as const
    if (sameValue(was, became)) return [unit, is] as const
    const path = unit.paths[0] as Path
    if (!unit.isList) {
      if (!sameValue(is, was)) conflicts.push(unit.name)
      return [unit, is] as const
    }
    const list = withoutMerged(listAt(was, path), listAt(became, path), listAt(is, path), mergeable.lists[path])
    return [unit, { [path]: list }] as const
  })
  return { values: patchOfUnits(current, chosen), conflicts }
}

function withoutMerged(
  was: readonly unknown[],
  became: readonly unknown[],
  is: readonly unknown[],
  rules: ListRules | undefined,
): readonly unknown[] {
  const key = keyAmong(rules, [...was, ...became], is)
  const old = Map.groupBy(was, key)
  const merged = new Map(became.map((entry) => [key(entry), entry]))
  const kept = is.flatMap((entry) => {
    const own = key(entry)
    const known = old.get(own)
    if (known === undefined) return merged.has(own) ? [] : [entry]
    return sameValue(entry, merged.get(own)) ? known : [entry]
  })
  return rules ? rules.finish(kept as ListEntry[]) : kept
}

/**
 * How entries are told apart. One that is not there any more as it was known may have been joined with another one by a later merge: it
 * is looked for in the form of what is there.
 */
function keyAmong(
  rules: ListRules | undefined,
  known: readonly unknown[],
  is: readonly unknown[],
): (entry: unknown) => unknown {
  const [plain, joined] = [entryKey(rules, known), entryKey(rules, [...known, ...is])]
  const present = new Set(is.map(plain))
  return (entry) => (present.has(plain(entry)) ? plain(entry) : joined(entry))
}

/**
 * The lists of a merged record as it comes back: its own entries, with what was marked on them in the survivor since the merge. An
 * address that was opted out meanwhile stays opted out.
 */
export function returnedLists(mergeable: Mergeable, own: Row, after: Row, current: Row): Record<Path, unknown> {
  const values: Record<Path, unknown> = {}
  for (const [path, rules] of Object.entries(mergeable.lists)) {
    const keyOf = keyAmong(rules, [...listAt(own, path), ...listAt(after, path)], listAt(current, path))
    const [merged, is] = [after, current].map((row) => new Map(listAt(row, path).map((entry) => [keyOf(entry), entry])))
    const entries = listAt(own, path).map((entry) => {
      const key = keyOf(entry)
      const now = is?.get(key)
      if (now === undefined || sameMarks(now, merged?.get(key))) return entry
      const { primary } = entry as ListEntry
      return { ...rules.join(entry as ListEntry, now as ListEntry), ...(primary !== undefined && { primary }) }
    })
    if (!sameValue(entries, listAt(own, path))) values[path] = entries
  }
  return values
}

function sameMarks(left: unknown, right: unknown): boolean {
  return sameValue({ ...(left as object), primary: null }, { ...(right as object), primary: null })
}

function listAt(row: Values, path: Path): readonly unknown[] {
  return (row[path] as readonly unknown[] | undefined) ?? []
}
