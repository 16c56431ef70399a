import { CrmError, invalidField, type ValidationIssue, validationError } from '../../kernel/crm-error.js'
import { type Filter, filterPaths } from '../../storage/filter.js'
import { prepareFilter } from '../../storage/prepare-filter.js'
import type { Path } from '../../storage/row.js'
import type { Entity } from '../entity.js'
import type { EntityRegistry } from '../entity-registry.js'
import { resolveFolding, toFilter } from '../where.js'
import { inputsOf, nameOf, orderFields } from './computed-fields.js'
import { type CustomField, isComputed } from './custom-field.js'
import type { CustomFields, TenantFields } from './custom-field-catalogue.js'
import { canonical, faultOf } from './custom-value.js'
import { type FieldInput, fieldInput } from './field-value-type.js'
import type { ValueType } from './formula.js'
import { typeOfFormula } from './formula-type.js'
import type { RollUp, RollUpFunction } from './roll-up.js'

/** Most custom fields of one entity in a tenant. */
export const mostFields = 500
/** Most computed ones among them: each costs at every change of a record. */
export const mostComputedFields = 50

const none: CustomFields = new Map()
const noUnique: ReadonlySet<CustomField['type']> = new Set(['boolean', 'multiSelect', 'money', 'formula', 'rollUp'])
const functions: ReadonlySet<unknown> = new Set<RollUpFunction>(['count', 'sum', 'avg', 'min', 'max'])

/** What a definition comes to: how it is kept, and the type of what it computes. */
export interface FieldDefinition {
  readonly values: Partial<Pick<CustomField, 'rollUp' | 'defaultValue' | 'personal'>>
  readonly valueType?: ValueType
}

/**
 * Checks a field as it will be, against the other fields of the tenant. Throws `validation_failed` naming what is wrong, such as
 * `formula.add.1`, or `rule_violated` (reason `circular`) for one that is computed from itself.
 */
export function checkDefinition(registry: EntityRegistry, fields: TenantFields, field: CustomField): FieldDefinition {
  refuseMisplaced(field)
  checkChoices(field)
  if (field.type === 'reference') checkTarget(registry, field)
  const others = [...fields.byObject.values()].flatMap((each) => [...each.values()])
  const rest = others.filter((other) => nameOf(other) !== nameOf(field))
  if (field.type === 'rollUp') {
    const rollUp = readRollUp(registry, fields, field)
    orderFields([...rest, { ...field, rollUp }])
    return typedRollUp(registry, fields, field, rollUp)
  }
  const own = fields.byObject.get(field.object) ?? none
  if (field.type === 'formula') {
    orderFields([...rest, field])
    const inputs: FieldInput[] = []
    const valueType = typeOfFormula(field.formula, (path, place) => {
      const input = fieldInput(registry.get(field.object), own, path, place)
      inputs.push(input)
      return input.type
    })
    return { valueType, values: { personal: field.personal || inputs.some(({ personal }) => personal) } }
  }
  if (field.defaultValue === undefined) return { values: {} }
  const message = faultOf(field, field.defaultValue)
  if (message) throw invalidField('defaultValue', message)
  return { values: { defaultValue: canonical(field, field.defaultValue) } }
}

/** Properties that go with certain types only. */
function refuseMisplaced(field: CustomField): void {
  const { type } = field
  const issues: ValidationIssue[] = []
  const needs = (
    name: 'options' | 'target' | 'formula' | 'rollUp',
    types: readonly CustomField['type'][],
    what: string,
  ): void => {
    const isHere = field[name] !== undefined && field[name] !== null
    if (types.includes(type) && (!isHere || (Array.isArray(field[name]) && field[name].length === 0)))
      issues.push({ path: name, message: what })
    if (!types.includes(type) && isHere) issues.push({ path: name, message: `goes with ${types.join(' or ')} alone` })
  }
  needs('options', ['select', 'multiSelect'], 'must list the values to choose from')
  needs('target', ['reference'], 'must name the entity whose records can be referred to')
  needs('formula', ['formula'], 'must say what is computed')
  needs('rollUp', ['rollUp'], 'must say what is computed over which records')
  if (field.unique && noUnique.has(type)) issues.push({ path: 'unique', message: `does not go with ${type}` })
  if (isComputed(field)) {
    if (field.required) issues.push({ path: 'required', message: 'does not go with a field that is computed' })
    if (field.defaultValue !== undefined)
      issues.push({ path: 'defaultValue', message: 'does not go with a field that is computed' })
  }
  if (field.unique && field.defaultValue !== undefined)
    issues.push({ path: 'defaultValue', message: 'does not go with unique: two records would have it' })
  if (issues.length > 0) throw validationError(issues, { entity: 'customField' })
}

function checkChoices({ options = [], archivedOptions = [], optionLabels = {} }: CustomField): void {
  const doubled = options.findIndex((option, index) => options.indexOf(option) !== index)
  if (doubled >= 0) throw invalidField(`options.${doubled}`, 'is listed twice')
  const archived = archivedOptions.findIndex((option) => !options.includes(option))
  if (archived >= 0) throw invalidField(`archivedOptions.${archived}`, 'is not one of the options')
  const labelled = Object.keys(optionLabels).find((option) => !options.includes(option))
  if (labelled !== undefined) throw invalidField('optionLabels', 'names something that is not one of the options')
}

function checkTarget(registry: EntityRegistry, { target = '' }: CustomField): void {
  if (!registry.has(target) || registry.get(target).kind !== 'record')
    throw invalidField('target', 'must name an entity such as contact')
}

/** Takes a roll-up from outside apart. Throws `validation_failed` naming what is wrong, such as `rollUp.by`. */
function readRollUp(registry: EntityRegistry, fields: TenantFields, field: CustomField): RollUp {
  const { entity, by, fn, field: over, where, ...more } = field.rollUp as RollUp
  if (Object.keys(more).length > 0) throw invalidField('rollUp', 'knows entity, by, fn, field and where')
  if (typeof entity !== 'string' || !registry.has(entity) || registry.get(entity).kind !== 'record')
    throw invalidField('rollUp.entity', 'must name an entity such as order')
  if (!functions.has(fn)) throw invalidField('rollUp.fn', `must be one of ${[...functions].join(', ')}`)
  const custom = fields.byObject.get(entity) ?? none
  if (typeof by !== 'string' || targetOf(registry.get(entity), custom, by) !== field.object)
    throw invalidField('rollUp.by', `must be a field of ${entity} that holds the id of a ${field.object}`)
  if (fn === 'count' && over !== undefined)
    throw invalidField('rollUp.field', 'does not go with count; filter with where')
  if (fn !== 'count' && typeof over !== 'string')
    throw invalidField('rollUp.field', 'must name the field to compute over')
  const filter = where === undefined ? undefined : rollUpFilter(registry, custom, entity, where)
  return { entity, by, fn, ...(over !== undefined && { field: over }), ...(filter && { where: filter }) }
}

/** The entity whose id a field holds. */
function targetOf({ fields }: Entity, custom: CustomFields, path: Path): string | undefined {
  if (path.startsWith('custom.')) return custom.get(path.slice('custom.'.length))?.target
  const field = fields.get(path)
  return field?.type === 'text' && !field.derived ? field.references : undefined
}

function typedRollUp(
  registry: EntityRegistry,
  fields: TenantFields,
  field: CustomField,
  rollUp: RollUp,
): FieldDefinition {
  const { entity, fn, field: over } = rollUp
  if (over === undefined) return { valueType: 'number', values: { rollUp } }
  const input = fieldInput(registry.get(entity), fields.byObject.get(entity) ?? none, over, 'rollUp.field')
  const { type } = input
  const values = { rollUp, personal: field.personal || input.personal }
  if (type === 'money' || type === 'moneyTotals') return { valueType: 'moneyTotals', values }
  const isExtreme = fn === 'min' || fn === 'max'
  if (type === 'number' || (isExtreme && (type === 'date' || type === 'dateTime'))) return { valueType: type, values }
  throw invalidField(
    'rollUp.field',
    `holds ${type}; ${fn} needs ${isExtreme ? 'a number, money, a date or a moment' : 'a number or money'}`,
  )
}

/** The plain filter over referring records; only what changes with the record may be in it. */
function rollUpFilter(registry: EntityRegistry, custom: CustomFields, entity: string, where: unknown): Filter {
  const child = registry.get(entity)
  const filter = resolveFolding(child, prepareFilter(child.storage, toFilter(where)))
  for (const path of filterPaths(filter)) {
    if (child.fields.get(path)?.derived === false || path.startsWith('custom.')) {
      const [first, key] = path.split('.')
      if (first !== 'custom' || custom.has(key ?? '')) continue
    }
    if (path !== 'ownerId' && path !== 'tags' && path !== 'createdAt')
      throw invalidField(`rollUp.where.${path}`, `is not a field of ${entity} that changes with the record`)
  }
  return filter
}

/** Throws `rule_violated` (reason `limit`) when an entity has as many fields as it may have. */
export function refuseTooMany(own: CustomFields, field: Pick<CustomField, 'type'>): void {
  const computed = [...own.values()].filter(isComputed).length
  const limit =
    own.size >= mostFields ? mostFields : isComputed(field) && computed >= mostComputedFields ? mostComputedFields : 0
  if (limit === 0) return
  throw new CrmError(
    'rule_violated',
    `An entity has at most ${limit} ${limit === mostFields ? 'custom' : 'computed'} fields`,
    {
      entity: 'customField',
      field: 'object',
      reason: 'limit',
      remedy: 'delete one that is no longer needed',
    },
  )
}

/** Throws `rule_violated` (reason `in_use`) naming the field that is computed from one that is to go. */
export function refuseInUse(fields: TenantFields, field: CustomField): void {
  const name = nameOf(field)
  for (const own of fields.byObject.values())
    for (const other of own.values()) {
      if (!inputsOf(other).includes(name)) continue
      throw new CrmError('rule_violated', `${name} is needed: ${nameOf(other)} is computed from it`, {
        entity: 'customField',
        id: field.id,
        field: `custom.${other.key}`,
        reason: 'in_use',
        remedy: 'change or delete the field that is computed from it first',
      })
    }
}
