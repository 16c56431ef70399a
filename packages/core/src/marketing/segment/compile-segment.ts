import * as z from 'zod/mini'
import { contactEntity } from '../../customers/index.js'
import { behaviourEventEntity } from '../../engagement/index.js'
import type { Entity } from '../../entity/entity.js'
import { instant, int, text } from '../../entity/field.js'
import { check } from '../../entity/input.js'
import { resolveFolding, toFilter } from '../../entity/where.js'
import { invalidField } from '../../kernel/crm-error.js'
import { allOf, everything, type Filter } from '../../storage/filter.js'
import { prepareFilter } from '../../storage/prepare-filter.js'

/** A term of behaviour with its defaults and its filter. */
export interface CompiledTerm {
  readonly type: string
  readonly atLeast: number
  readonly atMost: number
  readonly days?: number
  readonly between?: { readonly from: string; readonly to: string }
  readonly filter: Filter
}

/** A condition ready to be asked. */
export type CompiledCondition =
  /** `asked` is for lists, which check rights to it and fold by themselves; `stored` for rows. */
  | { readonly op: 'where'; readonly asked: Filter; readonly stored: Filter }
  | { readonly op: 'performed'; readonly term: CompiledTerm }
  | { readonly op: 'and' | 'or'; readonly args: readonly CompiledCondition[] }
  | { readonly op: 'not'; readonly arg: CompiledCondition }

const deepest = 16
const mostNodes = 100
const mostTerms = 10

const termSchema = z.strictObject({
  type: text({ minLength: 1, maxLength: 64 }),
  atLeast: z.optional(int({ min: 0 })),
  atMost: z.optional(int({ min: 0 })),
  within: z.optional(z.strictObject({ days: int({ min: 1, max: 36_500 }) })),
  between: z.optional(z.strictObject({ from: instant(), to: instant() })),
  where: z.optional(z.record(z.string(), z.unknown())),
})

/**
 * Checks a definition, whose shape is not trusted, and compiles its filters. Throws `validation_failed` naming the place. Rights to the
 * fields it names are checked when it is asked.
 */
export function compileSegment(definition: unknown): CompiledCondition {
  let nodes = 0
  let terms = 0
  const visit = (node: unknown, place: string, depth: number): CompiledCondition => {
    if (++nodes > mostNodes || depth > deepest)
      throw invalidField('definition', `is larger than ${mostNodes} conditions or ${deepest} levels; simplify it`)
    const [entry, ...more] =
      typeof node === 'object' && node !== null && !Array.isArray(node) ? Object.entries(node) : []
    const [key, value] = entry ?? []
    const at = `${place}.${key}`
    if (more.length > 0 || key === undefined)
      throw invalidField(place, 'must have one of where, performed, notPerformed, and, or, not')
    switch (key) {
      case 'where':
        return { op: 'where', asked: toFilter(value), stored: compileFor(contactEntity, value, at) }
      case 'performed':
      case 'notPerformed': {
        if (++terms > mostTerms) throw invalidField(at, `is one of more than ${mostTerms} terms of behaviour`)
        const performed: CompiledCondition = { op: 'performed', term: compileTerm(value, at) }
        return key === 'performed' ? performed : { op: 'not', arg: performed }
      }
      case 'and':
      case 'or':
        if (!Array.isArray(value)) throw invalidField(at, 'must be a list')
        return { op: key, args: value.map((each, index) => visit(each, `${at}.${index}`, depth + 1)) }
      case 'not':
        return { op: 'not', arg: visit(value, at, depth + 1) }
      default:
        throw invalidField(place, 'must have one of where, performed, notPerformed, and, or, not')
    }
  }
  return visit(definition, 'definition', 1)
}

function compileTerm(given: unknown, place: string): CompiledTerm {
  const { type, atMost, within, between, where, ...rest } = check({ name: 'segment' }, termSchema, given)
  const atLeast = rest.atLeast ?? (atMost === undefined ? 1 : 0)
  if (atMost !== undefined && atMost < atLeast) throw invalidField(`${place}.atMost`, 'must not be less than atLeast')
  if (within && between) throw invalidField(`${place}.between`, 'cannot be together with within')
  if (between && between.from >= between.to) throw invalidField(`${place}.between.to`, 'must be later than from')
  return {
    type,
    atLeast,
    atMost: atMost ?? Number.POSITIVE_INFINITY,
    ...(within && { days: within.days }),
    ...(between && { between }),
    filter: where === undefined ? everything : compileFor(behaviourEventEntity, where, `${place}.where`),
  }
}

function compileFor(entity: Entity, where: unknown, place: string): Filter {
  return prepareFilter(entity.storage, resolveFolding(entity, toFilter(where)), place)
}

/** What every member must fulfil of itself, whatever it did: the storage narrows candidates down by it. */
export function necessaryFilter(condition: CompiledCondition): Filter {
  if (condition.op === 'where') return condition.asked
  return condition.op === 'and' ? allOf(...condition.args.map(necessaryFilter)) : everything
}

/** The filters over contacts in a condition. */
export function filtersOf(condition: CompiledCondition): Filter[] {
  if (condition.op === 'where') return [condition.asked]
  if (condition.op === 'not') return filtersOf(condition.arg)
  return condition.op === 'performed' ? [] : condition.args.flatMap(filtersOf)
}

/** The terms of behaviour in a condition. */
export function termsOf(condition: CompiledCondition): CompiledTerm[] {
  if (condition.op === 'performed') return [condition.term]
  if (condition.op === 'not') return termsOf(condition.arg)
  return condition.op === 'where' ? [] : condition.args.flatMap(termsOf)
}

const dayMs = 86_400_000

/** Which events count for a term at a moment. */
export function countedEvents({ type, days, between, filter }: CompiledTerm, at: string): Filter {
  const windowStart = days === undefined ? undefined : new Date(Date.parse(at) - days * dayMs).toISOString()
  return allOf(
    { op: 'eq', path: 'type', value: type },
    { op: 'lte', path: 'at', value: at },
    windowStart === undefined ? undefined : { op: 'gt', path: 'at', value: windowStart },
    between && { op: 'gte', path: 'at', value: between.from },
    between && { op: 'lt', path: 'at', value: between.to },
    filter,
  )
}
