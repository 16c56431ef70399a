import * as z from 'zod/mini'
import { baseInputShape } from '../../entity/base-record.js'
import type { CustomField } from '../../entity/custom-fields/custom-field.js'
import type { CustomFields } from '../../entity/custom-fields/custom-field-catalogue.js'
import { type Entity, innerSchema, objectShape } from '../../entity/entity.js'
import { fieldFacts } from '../../entity/field.js'
import type { Path } from '../../storage/row.js'

/** How the text of a cell becomes a value of a field. */
export type ImportFieldKind =
  | 'text'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'instant'
  | 'choice'
  | 'texts'
  | 'choices'
  | 'money'
  /** A list of objects, such as `emails`. */
  | 'list'
  /** A structured value, written as JSON. */
  | 'json'

/** A field that a column can be imported into, or exported from. */
export interface ImportField {
  /** Path of the input: `firstName`, `place.city`, `addresses.city`, `custom.size`. */
  readonly path: Path
  readonly kind: ImportFieldKind
  /** What a tenant calls a custom field. */
  readonly label?: string
  /** Words of `choice` and `choices`. */
  readonly options?: readonly string[]
  /** What the words are called, by word and language. */
  readonly optionLabels?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Of a `list`: its items' properties that are text, the required ones first. Plain text goes into the first one not given. */
  readonly itemTexts?: readonly string[]
  /** Of a part of a list's first item, such as `addresses.city`: the list. */
  readonly partOf?: Path
  /** Entity whose ids it holds. */
  readonly references?: string
  readonly required: boolean
}

/** The fields of an entity that an import can set, by path: its own, owner, teams, tags, and the tenant's custom fields. */
export function importFieldsOf(entity: Entity, customFields: CustomFields): ReadonlyMap<Path, ImportField> {
  const fields = new Map<Path, ImportField>()
  const add = (field: ImportField): void => {
    fields.set(field.path, field)
  }
  for (const [name, schema] of Object.entries(entity.schema.shape))
    for (const field of fieldsOf(name, schema, true)) add(field)
  for (const name of ['ownerId', 'teamIds', 'tags'] as const)
    for (const field of fieldsOf(name, baseInputShape[name], true)) add(field)
  for (const { key, type, label, options, optionLabels, target, required } of customFields.values()) {
    const kind = customKinds[type]
    if (kind === 'computed') continue
    add({
      path: `custom.${key}`,
      kind,
      label,
      ...(options && { options }),
      ...(optionLabels && { optionLabels }),
      ...(type === 'reference' && target !== undefined && { references: target }),
      required,
    })
  }
  return fields
}

/** Whether a custom field is computed, so that nobody sets it. */
export function isComputed({ type }: Pick<CustomField, 'type'>): boolean {
  return customKinds[type] === 'computed'
}

const customKinds: Readonly<Record<CustomField['type'], ImportFieldKind | 'computed'>> = {
  text: 'text',
  url: 'text',
  reference: 'text',
  number: 'number',
  money: 'money',
  boolean: 'boolean',
  date: 'date',
  dateTime: 'instant',
  select: 'choice',
  multiSelect: 'choices',
  formula: 'computed',
  rollUp: 'computed',
}

function fieldsOf(path: Path, given: z.core.SomeType, required: boolean): ImportField[] {
  let schema = given
  let needed = required
  for (let inner = bareOf(schema); inner; inner = bareOf(schema)) {
    schema = inner.schema
    needed = false
  }
  const facts = fieldFacts.get(schema as z.core.$ZodType)
  if (!facts) {
    const shape = objectShape(schema) ?? {}
    if ('amountMinor' in shape && 'currency' in shape) return [{ path, kind: 'money', required: needed }]
    return Object.entries(shape).flatMap(([name, part]) => fieldsOf(`${path}.${name}`, part, false))
  }
  switch (facts.type) {
    case 'int':
      return [{ path, kind: 'integer', required: needed }]
    case 'float':
      return [{ path, kind: 'number', required: needed }]
    case 'bool':
      return [{ path, kind: 'boolean', required: needed }]
    case 'instant':
      return [{ path, kind: 'instant', required: needed }]
    case 'text[]':
      return [{ path, kind: 'texts', required: needed }]
    case 'json':
      return jsonFields(path, schema, needed)
    case 'text':
      return [
        { ...textField(path, schema, needed), ...(facts.references !== undefined && { references: facts.references }) },
      ]
  }
}

function bareOf(schema: z.core.SomeType): { readonly schema: z.core.SomeType } | undefined {
  return fieldFacts.has(schema as z.core.$ZodType) ? undefined : innerSchema(schema)
}

function textField(path: Path, schema: z.core.SomeType, required: boolean): ImportField {
  const options = wordsOf(schema)
  if (options) return { path, kind: 'choice', options, required }
  return { path, kind: isDate(schema) ? 'date' : 'text', required }
}

function wordsOf(schema: z.core.SomeType): string[] | undefined {
  const { type, entries } = schema._zod.def as { type: string; entries?: Readonly<Record<string, string>> }
  return type === 'enum' && entries ? Object.values(entries) : undefined
}

/** A date is text that knows the calendar. */
function isDate(schema: z.core.SomeType): boolean {
  const takes = (value: string): boolean => z.safeParse(schema as z.ZodMiniType, value).success
  return takes('2000-02-29') && !takes('2000-02-30') && !takes('a')
}

/** A list of objects is a field of its own, and its first item's properties are too. */
function jsonFields(path: Path, schema: z.core.SomeType, required: boolean): ImportField[] {
  const { element } = schema._zod.def as { element?: z.core.SomeType }
  const shape = element && objectShape(element)
  if (!shape) return [{ path, kind: 'json', required }]
  const parts = Object.entries(shape).flatMap(([name, part]) => fieldsOf(`${path}.${name}`, part, true))
  const texts = parts.filter(({ kind }) => kind === 'text').sort((a, b) => Number(b.required) - Number(a.required))
  const itemTexts = texts.map((part) => part.path.slice(path.length + 1))
  return [
    { path, kind: 'list', itemTexts, required },
    ...parts.map((part) => ({ ...part, partOf: path, required: false })),
  ]
}
