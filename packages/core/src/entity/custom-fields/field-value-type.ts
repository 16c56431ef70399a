import * as z from 'zod/mini'
import { invalidField } from '../../kernel/crm-error.js'
import type { Path } from '../../storage/row.js'
import { type Entity, innerSchema, objectShape } from '../entity.js'
import { fieldFacts } from '../field.js'
import type { CustomField } from './custom-field.js'
import type { CustomFields } from './custom-field-catalogue.js'
import type { ValueType } from './formula.js'

/** A field that something is computed from. */
export interface FieldInput {
  readonly type: ValueType
  readonly personal: boolean
}

const customTypes: Readonly<Record<CustomField['type'], ValueType | undefined>> = {
  text: 'text',
  url: 'text',
  select: 'text',
  reference: 'text',
  number: 'number',
  money: 'money',
  boolean: 'boolean',
  date: 'date',
  dateTime: 'dateTime',
  multiSelect: 'list',
  formula: undefined,
  rollUp: undefined,
}

const baseTypes: Readonly<Record<Path, ValueType>> = {
  createdAt: 'dateTime',
  ownerId: 'text',
  tags: 'list',
  teamIds: 'list',
}

/**
 * What a field of an entity holds, its tenant's custom fields included. Throws `validation_failed` naming `place` for one that is
 * not there, or that nothing can be computed from: what Rapport derives changes without the record, and structured values are kept
 * whole.
 */
export function fieldInput(entity: Entity, custom: CustomFields, path: Path, place: string): FieldInput {
  if (path.startsWith('custom.')) {
    const field = custom.get(path.slice('custom.'.length))
    const type = field && (customTypes[field.type] ?? field.valueType)
    if (!type)
      throw invalidField(place, `${path.slice(0, 100)} is not a custom field of ${entity.name}; register it first`)
    return { type, personal: field.personal }
  }
  const base = Object.hasOwn(baseTypes, path) ? baseTypes[path] : undefined
  if (base) return { type: base, personal: false }
  const amount = entity.fields.get(`${path}.amountMinor`)
  if (amount && !amount.derived && entity.fields.has(`${path}.currency`))
    return { type: 'money', personal: amount.personal === true }
  const field = entity.fields.get(path)
  if (field?.derived)
    throw invalidField(place, `${path} is computed by Rapport and changes without the record; use a roll-up instead`)
  const type = field && storedType(entity, path, field.type)
  if (!type) throw invalidField(place, `${path.slice(0, 100)} is no field of ${entity.name} with a value of its own`)
  return { type, personal: field.personal === true }
}

function storedType(entity: Entity, path: Path, type: string): ValueType | undefined {
  switch (type) {
    case 'int':
    case 'float':
      return 'number'
    case 'bool':
      return 'boolean'
    case 'instant':
      return 'dateTime'
    case 'text[]':
      return 'list'
    case 'text':
      return isDate(entity, path) ? 'date' : 'text'
    default:
      return undefined
  }
}

/** A date is text that knows the calendar. */
function isDate(entity: Entity, path: Path): boolean {
  let schema: z.core.SomeType | undefined = entity.schema
  for (const key of path.split('.')) {
    let bare: z.core.SomeType | undefined = schema && objectShape(schema)?.[key]
    while (bare && !fieldFacts.has(bare as z.core.$ZodType)) {
      const inner = innerSchema(bare)
      if (!inner) break
      bare = inner.schema
    }
    schema = bare
  }
  if (!schema) return false
  const takes = (value: string): boolean => z.safeParse(schema as z.ZodMiniType, value).success
  return takes('2000-02-29') && !takes('2000-02-30') && !takes('a')
}
