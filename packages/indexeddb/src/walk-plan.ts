import { type EntityDef, type OrderTerm, parseOrderTerm, resolvePath, type Scalar } from '@rapport/core/storage'
import { type Candidate, fixedPrefix, prefixRange, termRange } from './candidate.js'
import type { FilterConditions } from './filter-conditions.js'
import { type IndexTerm, isEncodable, missingMark, presentMark } from './index-term.js'
import { behind, isEmpty, type TextRange } from './key-range.js'
import type { KeySpace } from './row-index.js'

/** Reads keys in the order of the query, and stops when the page is full. */
export interface Walk {
  readonly space: KeySpace
  /** One after the other; two where missing values must come behind present ones that are read backward. */
  readonly ranges: readonly TextRange[]
  readonly backward: boolean
  /** Whether the ranges begin behind the cursor. If not, rows in front of it have to be left out. */
  readonly placed: boolean
}

/** The order and the cursor of a page. */
export interface WalkOrder {
  readonly order: readonly OrderTerm[]
  readonly after?: readonly (Scalar | null)[] | undefined
}

/** How to read a candidate in an order; `undefined` when its keys do not have that order, forward or backward. */
export function planWalk(
  def: EntityDef,
  candidate: Candidate,
  tenantId: string,
  conditions: FilterConditions,
  { order, after }: WalkOrder,
): Walk | undefined {
  const { space, fixed, next, range } = candidate
  const offered = space.terms.slice(fixed).filter(({ path }) => !conditions.equal.has(path))
  const backward = directionOf(offered, order, conditions)
  if (backward === undefined) return undefined
  const [first, ...deeper] = offered
  const isPresent = ({ path }: IndexTerm): boolean => resolvePath(def, path)?.required === true
  // Read backward, missing values would come first. Those of the first term are read apart; deeper ones cannot be.
  if (backward && !deeper.every(isPresent)) return undefined
  const prefix = fixedPrefix(candidate, tenantId, conditions)
  const parts =
    range && next
      ? [termRange(prefix, next, range)]
      : backward && first && !isPresent(first)
        ? [prefixRange(prefix + presentMark), prefixRange(prefix + missingMark)]
        : [prefixRange(prefix)]
  const cursor = after && cursorText(def, space, tenantId, conditions, { order, after })
  const ranges = cursor === undefined ? parts : partsBehind(parts, cursor, backward)
  return {
    space,
    ranges: ranges.filter((part) => !isEmpty(part)),
    backward,
    placed: after === undefined || cursor !== undefined,
  }
}

/** Whether keys must be read backward to have the order; `undefined` when neither way gives it. */
function directionOf(
  offered: readonly IndexTerm[],
  order: readonly OrderTerm[],
  { equal }: FilterConditions,
): boolean | undefined {
  const wanted = order.map(parseOrderTerm).filter(({ path }) => !equal.has(path))
  if (wanted.length !== offered.length) return undefined
  const agrees = (flip: boolean): boolean =>
    offered.every(({ path, descending }, place) => {
      const term = wanted[place]!
      return term.path === path && term.descending === (descending !== flip)
    })
  return agrees(false) ? false : agrees(true) ? true : undefined
}

/** The parts behind a cursor. Of two parts, the one in front of the cursor's has been read. */
function partsBehind(parts: readonly TextRange[], cursor: string, backward: boolean): TextRange[] {
  const at = parts.length === 1 ? 0 : parts.findIndex(({ lower, upper }) => cursor >= lower && cursor <= upper)
  return parts.slice(at).map((part, place) => (place === 0 ? behind(part, cursor, backward) : part))
}

/** The key at a cursor's place; `undefined` when no row of the result could stand there, or no key can be made of it. */
function cursorText(
  def: EntityDef,
  space: KeySpace,
  tenantId: string,
  { equal }: FilterConditions,
  { order, after = [] }: WalkOrder,
): string | undefined {
  const values = new Map<string, Scalar | undefined>(equal)
  for (const [place, term] of order.entries()) {
    const { path } = parseOrderTerm(term)
    const value = after[place] ?? undefined
    const type = resolvePath(def, path)?.type
    const isUsable = equal.has(path)
      ? equal.get(path) === value
      : type !== undefined && (value === undefined || isEncodable(type, value))
    if (!isUsable) return undefined
    values.set(path, value)
  }
  return space.prefix(tenantId) + space.terms.map(({ path, encode }) => encode(values.get(path))).join('')
}
