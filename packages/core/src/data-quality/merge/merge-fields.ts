import { canonicalJson, sameValue } from '../../entity/canonical-json.js'
import type { CustomFields } from '../../entity/custom-fields/custom-field-catalogue.js'
import { invalidField } from '../../kernel/crm-error.js'
import { compareCodePoints } from '../../kernel/text-safety.js'
import type { Path, Row } from '../../storage/row.js'
import { type FieldUnit, fieldUnits, isEmptyUnit, patchOfUnits, unitValues } from './field-unit.js'
import type { ListEntry, ListRules, Mergeable } from './mergeable.js'

/**
 * What a field of the merged record becomes.
 *
 * - `survivor`: what the survivor has, also nothing. `nonEmpty` (default): that, or else what the record changed last has.
 * - `mostRecent`, `oldest`: the value that was set last or first. `furthest` (default where stages are ordered): the later stage.
 * - `union` (default for lists): all entries, each once. `add`: the sum of numbers; for lists the same as `union`.
 * - `{ take: id }`: what that record has, also nothing.
 */
export type MergeStrategy =
  | 'survivor'
  | 'nonEmpty'
  | 'mostRecent'
  | 'oldest'
  | 'furthest'
  | 'union'
  | 'add'
  | { readonly take: string }

/** What became of one field. */
export interface FieldChoice {
  /** As callers name it: `jobTitle`, `custom.region`. */
  readonly field: string
  readonly strategy: MergeStrategy
  /** The record whose value it is, or `combined`. */
  readonly source: string
  readonly value?: unknown
  /** The records differ, and nobody said which value to keep. */
  readonly conflict: boolean
}

/** When a field of a record was last set, an instant. */
export type FieldAge = (recordId: string, field: string) => string

/** What a merge takes from where. */
export interface MergedFields {
  readonly choices: readonly FieldChoice[]
  /** New values of the survivor by path; `null` clears. Those that stay are among them. */
  readonly values: Readonly<Record<Path, unknown>>
}

interface Candidate {
  readonly row: Row
  readonly values: Readonly<Record<Path, unknown>>
}

/**
 * The fields of the merged record. Pure; the order of the sources does not matter. `excluded` are ids that a reference to a record
 * of the same kind must not take, because it would lead back to the merged one; a custom reference may, but must not name one of the
 * merged records. Throws `validation_failed` for a strategy that the
 * field cannot have.
 */
export function mergeFields(
  mergeable: Mergeable,
  survivor: Row,
  sources: readonly Row[],
  options: {
    readonly strategies: Readonly<Record<string, MergeStrategy>>
    readonly age: FieldAge
    readonly excluded: ReadonlySet<string>
    readonly custom?: CustomFields
  },
): MergedFields {
  const ordered = [survivor, ...sources.toSorted((a, b) => compareCodePoints(a.id, b.id))]
  const units = fieldUnits(mergeable.entity, ordered, options.custom)
  const unknown = Object.keys(options.strategies).find((field) => !units.some(({ name }) => name === field))
  if (unknown !== undefined && !unknown.startsWith('custom.'))
    throw invalidField(`fields.${unknown}`, 'is not a field that can be chosen; name a field of the record')
  const participants = new Set(ordered.map(({ id }) => id))
  const chosen = units.map((unit): readonly [FieldUnit, Candidate['values'], FieldChoice] => {
    const explicit = options.strategies[unit.name]
    const excluded = unit.name.startsWith('custom.') ? participants : options.excluded
    const usable = (values: Candidate['values']): boolean =>
      !unit.refersToOwnKind || !Object.values(values).some((value) => excluded.has(value as string))
    const candidates = ordered.map((row): Candidate => {
      const values = unitValues(unit, row)
      return { row, values: usable(values) ? values : {} }
    })
    const strategy = explicit ?? defaultStrategy(mergeable, unit)
    const { values, source } = choose(mergeable, unit, strategy, candidates, options.age)
    const filled = candidates.filter((candidate) => !isEmptyUnit(candidate.values))
    const differ = filled.some((candidate) => !sameValue(candidate.values, filled[0]?.values))
    const conflict = differ && explicit === undefined && strategy === 'nonEmpty'
    const value = unit.paths.length === 1 ? values[unit.paths[0] as Path] : isEmptyUnit(values) ? undefined : values
    return [unit, values, { field: unit.name, strategy, source, ...(value !== undefined && { value }), conflict }]
  })
  return {
    choices: chosen.map(([, , choice]) => choice),
    values: patchOfUnits(
      survivor,
      chosen.map(([unit, values]) => [unit, values]),
    ),
  }
}

function defaultStrategy(mergeable: Mergeable, unit: FieldUnit): MergeStrategy {
  if (unit.isList) return 'union'
  return mergeable.furthest[unit.name] ? 'furthest' : 'nonEmpty'
}

function choose(
  mergeable: Mergeable,
  unit: FieldUnit,
  strategy: MergeStrategy,
  candidates: readonly Candidate[],
  age: FieldAge,
): { readonly values: Candidate['values']; readonly source: string } {
  const [survivor] = candidates as readonly [Candidate, ...Candidate[]]
  const filled = candidates.filter(({ values }) => !isEmptyUnit(values))
  const of = ({ row, values }: Candidate) => ({ values, source: row.id })
  const best = (better: (a: Candidate, b: Candidate) => boolean) =>
    of(filled.reduce((kept, next) => (better(next, kept) ? next : kept), filled[0] ?? survivor))
  if (typeof strategy === 'object') {
    const taken = candidates.find(({ row }) => row.id === strategy.take)
    if (!taken) throw invalidField(`fields.${unit.name}.take`, 'must be the id of one of the merged records')
    return of(taken)
  }
  switch (strategy) {
    case 'survivor':
      return of(survivor)
    case 'nonEmpty':
      if (filled[0] === survivor) return of(survivor)
      return best((a, b) => (a.row.updatedAt as string) > (b.row.updatedAt as string))
    case 'mostRecent':
      return best((a, b) => age(a.row.id, unit.name) > age(b.row.id, unit.name))
    case 'oldest':
      return best((a, b) => age(a.row.id, unit.name) < age(b.row.id, unit.name))
    case 'furthest': {
      const stages = mergeable.furthest[unit.name]
      if (!stages) throw invalidField(`fields.${unit.name}`, 'has no order; choose another strategy')
      const place = ({ values }: Candidate): number => stages.indexOf(values[unit.name] as string)
      return best((a, b) => place(a) > place(b))
    }
    case 'union':
    case 'add':
      if (unit.isList) return { values: union(mergeable, unit, filled), source: 'combined' }
      if (strategy === 'add' && unit.isNumber) return { values: sum(unit, filled), source: 'combined' }
      throw invalidField(`fields.${unit.name}`, `cannot be combined by ${strategy}; choose another strategy`)
  }
}

function union(mergeable: Mergeable, unit: FieldUnit, filled: readonly Candidate[]): Candidate['values'] {
  const path = unit.paths[0] as Path
  const rules = mergeable.lists[path]
  return {
    [path]: unionOf(
      filled.map(({ values }) => values[path] as readonly unknown[]),
      rules,
    ),
  }
}

/** The entries of several lists, each once, in the order in which they come. */
export function unionOf(lists: readonly (readonly unknown[])[], rules: ListRules | undefined): readonly unknown[] {
  const keyOf = entryKey(rules)
  const byKey = new Map<string, unknown>()
  const given = lists.flat()
  const written = rules?.among?.(given as ListEntry[])
  for (const entry of written ? given.map((each) => written(each as ListEntry)) : given) {
    const key = keyOf(entry)
    const kept = byKey.get(key)
    byKey.set(key, kept === undefined || !rules ? (kept ?? entry) : rules.join(kept as ListEntry, entry as ListEntry))
  }
  const joined = [...byKey.values()]
  return rules ? rules.finish(joined as ListEntry[]) : joined
}

/** What tells entries of a list apart among others. */
export function entryKey(rules: ListRules | undefined, others: readonly unknown[] = []): (entry: unknown) => string {
  if (!rules) return canonicalJson
  const written = rules.among?.(others as ListEntry[])
  return (entry) => rules.key(written ? written(entry as ListEntry) : (entry as ListEntry))
}

function sum(unit: FieldUnit, filled: readonly Candidate[]): Candidate['values'] {
  if (filled.length === 0) return {}
  const path = unit.paths[0] as Path
  const total = filled.reduce((so, { values }) => so + (values[path] as number), 0)
  if (filled.every(({ values }) => Number.isSafeInteger(values[path])) && !Number.isSafeInteger(total))
    throw invalidField(`fields.${unit.name}`, 'the sum is too large to be exact; choose another strategy')
  return { [path]: total }
}
