import type { Path, Scalar } from './row.js'

/**
 * A predicate over one entity, as plain data. Two-valued:
 *
 * - `eq`, `lt`, `lte`, `gt`, `gte`, `in`, `prefix`, `contains`, `has`, `hasAny` on a missing value are false; `ne` on a missing
 *   value is true; `not` is the complement of its argument.
 * - `and []` is true, `or []` and `in []` are false. `in` and `hasAny` take at most 1,000 values.
 * - A value of another type than the field's never equals it, and never lies before or after it.
 * - Strings compare by code point, case matters. `fold: true` ignores case and accents where the field declares it; core
 *   rewrites it to the field's folded shadow, so adapters never see it.
 * - `has` and `hasAny` ask for membership in a `text[]` field (or in an array of scalars inside a `json` field).
 * - Inside a `json` field only `eq`, `ne`, `in`, `isNull`, `has` and `hasAny` are portable.
 */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly args: readonly Filter[] }
  | { readonly op: 'not'; readonly arg: Filter }
  | { readonly op: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'; readonly path: Path; readonly value: Scalar }
  | { readonly op: 'in'; readonly path: Path; readonly values: readonly Scalar[] }
  | { readonly op: 'isNull'; readonly path: Path }
  | { readonly op: 'prefix' | 'contains'; readonly path: Path; readonly value: string; readonly fold?: boolean }
  | { readonly op: 'has'; readonly path: Path; readonly value: Scalar }
  | { readonly op: 'hasAny'; readonly path: Path; readonly value: readonly Scalar[] }

/** Name of a filter's operator. */
export type FilterOp = Filter['op']

/** The filter that every row passes. */
export const everything: Filter = { op: 'and', args: [] }

/** The filter that no row passes. */
export const nothing: Filter = { op: 'or', args: [] }

/** All of the given filters; leaves out what is always true and flattens nested `and`. */
export function allOf(...filters: readonly (Filter | undefined)[]): Filter {
  const args = filters.flatMap((filter) => (filter === undefined ? [] : filter.op === 'and' ? filter.args : [filter]))
  if (args.some(isNothing)) return nothing
  return args.length === 1 ? args[0]! : { op: 'and', args }
}

/** Any of the given filters. */
export function anyOf(...filters: readonly Filter[]): Filter {
  return filters.length === 1 ? filters[0]! : { op: 'or', args: filters }
}

/** Whether a filter is the empty `or`: it lets no row pass, so nothing need be read. */
export function isNothing(filter: Filter): boolean {
  return filter.op === 'or' && filter.args.length === 0
}

/** Every path a filter looks at, with repetitions removed. */
export function filterPaths(filter: Filter): Path[] {
  const paths = new Set<Path>()
  const visit = (node: Filter): void => {
    if ('args' in node) node.args.forEach(visit)
    else if ('arg' in node) visit(node.arg)
    else paths.add(node.path)
  }
  visit(filter)
  return [...paths]
}
