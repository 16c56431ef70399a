import type { FieldColumn } from './field-column.js'
import { missing } from './field-column.js'
import { MatchingInputError } from './matching-input-error.js'

/** Two values agree at least at a level of the field's kind, such as `same` or `close`. */
export interface FieldAgreement {
  readonly field: string
  readonly atLeast: string
}

/** When two records match: agreements joined by and (`all`) and or (`any`), nested as needed. */
export type MatchRules =
  | FieldAgreement
  | { readonly all: readonly MatchRules[] }
  | { readonly any: readonly MatchRules[] }

const deepest = 20

/** A test of the levels at which two records agree, field by field. Throws {@link MatchingInputError} on a rule that cannot hold. */
export function compileRules(
  rules: MatchRules,
  columns: readonly FieldColumn[],
  path = 'rules',
): (levels: readonly number[]) => boolean {
  if (path.split('.').length > deepest * 2)
    throw new MatchingInputError(path, `nested deeper than ${deepest} levels; make it flatter`)
  for (const join of ['all', 'any'] as const) {
    const parts = (rules as Partial<Record<typeof join, readonly MatchRules[]>>)?.[join]
    if (parts === undefined) continue
    if (!Array.isArray(parts) || parts.length === 0)
      throw new MatchingInputError(`${path}.${join}`, 'must hold at least one rule')
    const tests = parts.map((part, index) => compileRules(part, columns, `${path}.${join}.${index}`))
    return join === 'all'
      ? (levels) => tests.every((holds) => holds(levels))
      : (levels) => tests.some((holds) => holds(levels))
  }
  const { field, atLeast } = (rules ?? {}) as Partial<FieldAgreement>
  const index = columns.findIndex(({ name }) => name === field)
  if (index < 0) throw new MatchingInputError(`${path}.field`, 'must be one of the fields that are matched')
  const levels = columns[index]!.kind.levels
  const least = levels.findIndex(({ name }) => name === atLeast)
  if (least < 0 || least === levels.length - 1) {
    const names = levels.slice(0, -1).map(({ name }) => name)
    throw new MatchingInputError(`${path}.atLeast`, `must be one of ${names.join(', ')}`)
  }
  return (found) => found[index] !== missing && found[index]! <= least
}
