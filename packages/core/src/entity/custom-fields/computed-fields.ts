import { CrmError } from '../../kernel/crm-error.js'
import { type Filter, filterPaths } from '../../storage/filter.js'
import type { Path } from '../../storage/row.js'
import type { CustomField } from './custom-field.js'
import type { TenantFields } from './custom-field-catalogue.js'
import { type Formula, formulaPaths } from './formula.js'
import type { RollUp } from './roll-up.js'

/** A field of an entity that is computed by a formula. */
export interface FormulaField {
  readonly key: string
  readonly formula: Formula
}

/** A field of an entity that is computed over the records that refer to it. */
export interface RollUpField {
  readonly object: string
  readonly key: string
  readonly rollUp: RollUp
  readonly valueType: CustomField['valueType']
  /** Paths of the referring records that its value depends on. */
  readonly paths: ReadonlySet<Path>
}

/** What is computed in a tenant, in an order in which it can be. */
export interface ComputedFields {
  /** Formulas by entity, each after those it reads. */
  readonly formulas: ReadonlyMap<string, readonly FormulaField[]>
  readonly rollUps: ReadonlyMap<string, readonly RollUpField[]>
  /** Roll-ups by the entity whose records they are computed over. */
  readonly feeds: ReadonlyMap<string, readonly RollUpField[]>
}

const known = new WeakMap<TenantFields, ComputedFields>()

/** What a tenant's fields compute, found once for each reading of the catalogue. */
export function computedFieldsOf(fields: TenantFields): ComputedFields {
  let computed = known.get(fields)
  if (!computed) {
    computed = orderFields([...fields.byObject.values()].flatMap((each) => [...each.values()]))
    known.set(fields, computed)
  }
  return computed
}

/**
 * Puts computed fields in order. Throws `rule_violated` (reason `circular`) naming the circle when one is computed from itself, be
 * it through other formulas or through roll-ups over other entities.
 */
export function orderFields(fields: readonly CustomField[]): ComputedFields {
  const formulas = new Map<string, FormulaField[]>()
  const rollUps = new Map<string, RollUpField[]>()
  const feeds = new Map<string, RollUpField[]>()
  const byName = new Map(fields.map((field) => [nameOf(field), field]))
  const done = new Set<string>()
  const visit = (name: string, trail: readonly string[]): void => {
    const field = byName.get(name)
    if (!field || done.has(name)) return
    if (trail.includes(name)) throw circular(`custom.${field.key}`, [...trail.slice(trail.indexOf(name)), name])
    for (const input of inputsOf(field)) visit(input, [...trail, name])
    done.add(name)
    const { object, key } = field
    if (field.type === 'formula') append(formulas, object, { key, formula: field.formula as Formula })
    if (field.type !== 'rollUp') return
    const rollUp = field.rollUp as RollUp
    const described = { object, key, rollUp, valueType: field.valueType, paths: rollUpPaths(rollUp) }
    append(rollUps, object, described)
    append(feeds, rollUp.entity, described)
  }
  for (const name of byName.keys()) visit(name, [])
  return { formulas, rollUps, feeds }
}

/** The custom fields, as `entity.custom.key`, that a field is computed from directly. */
export function inputsOf(field: CustomField): string[] {
  const { type, formula, rollUp } = field
  const [object, paths] =
    type === 'formula'
      ? [field.object, formulaPaths(formula)]
      : type === 'rollUp' && rollUp
        ? [rollUp.entity, rollUpPaths(rollUp)]
        : ['', []]
  return [...paths].flatMap((path) => {
    const [first, key] = path.split('.')
    return first === 'custom' ? [`${object}.custom.${key}`] : []
  })
}

/** A field as circles and refusals name it: `contact.custom.revenue`. */
export function nameOf({ object, key }: Pick<CustomField, 'object' | 'key'>): string {
  return `${object}.custom.${key}`
}

/** Paths of the referring records that a roll-up depends on. */
export function rollUpPaths({ by, field, where }: RollUp): ReadonlySet<Path> {
  return new Set([by, ...(field === undefined ? [] : [field]), ...(where ? filterPaths(where as Filter) : [])])
}

function append<V>(into: Map<string, V[]>, key: string, value: V): void {
  const list = into.get(key)
  if (list) list.push(value)
  else into.set(key, [value])
}

function circular(field: string, circle: readonly string[]): CrmError {
  return new CrmError('rule_violated', `${field} would be computed from itself: ${circle.join(' ← ')}`, {
    entity: 'customField',
    field,
    reason: 'circular',
    remedy: 'take one of the fields of the circle out of the formula',
  })
}
