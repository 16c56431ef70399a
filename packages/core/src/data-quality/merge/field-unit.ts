import { isComputed } from '../../entity/custom-fields/custom-field.js'
import type { CustomFields } from '../../entity/custom-fields/custom-field-catalogue.js'
import type { Entity } from '../../entity/entity.js'
import type { Path } from '../../storage/row.js'

type Values = Readonly<Record<Path, unknown>>

/** What is chosen as one: a field, a nested object such as an amount with its currency, or one custom field. */
export interface FieldUnit {
  /** As callers name it: `jobTitle`, `annualRevenue`, `custom.region`. */
  readonly name: string
  /** Where it is stored. */
  readonly paths: readonly Path[]
  readonly isList: boolean
  /** Numbers can be added up. */
  readonly isNumber: boolean
  /** It holds the id of a record of its own kind, a parent company say. */
  readonly refersToOwnKind: boolean
}

const baseUnits: readonly FieldUnit[] = [
  { name: 'ownerId', paths: ['ownerId'], isList: false, isNumber: false, refersToOwnKind: false },
  ...['teamIds', 'tags'].map((name) => ({
    name,
    paths: [name],
    isList: true,
    isNumber: false,
    refersToOwnKind: false,
  })),
]

/**
 * The units of an entity's fields that callers set, with the custom fields that the rows have, in a stable order. Fields that are
 * computed are none.
 */
export function fieldUnits(entity: Entity, rows: readonly Values[], fields?: CustomFields): FieldUnit[] {
  const own = Object.keys(entity.schema.shape).flatMap((name): FieldUnit[] => {
    const fields = [...entity.fields.values()].filter(({ path }) => path === name || path.startsWith(`${name}.`))
    const [only] = fields
    if (!only || fields.some(({ derived, immutable }) => derived || immutable)) return []
    const isList = only.type === 'text[]' || rows.some((row) => Array.isArray(row[name]))
    const isNumber = fields.length === 1 && (only.type === 'int' || only.type === 'float')
    const paths = fields.map(({ path }) => path)
    return [{ name, paths, isList, isNumber, refersToOwnKind: only.references === entity.name }]
  })
  const keys = new Set(rows.flatMap((row) => Object.keys((row.custom ?? {}) as object)))
  const custom = [...keys].sort().flatMap((key): FieldUnit[] => {
    const field = fields?.get(key)
    if (field && isComputed(field)) return []
    const values = rows.map((row) => customValue(row, key))
    return [
      {
        name: `custom.${key}`,
        paths: [`custom.${key}`],
        isList: values.some(Array.isArray),
        isNumber: values.every((value) => value === undefined || typeof value === 'number'),
        refersToOwnKind: field?.target === entity.name,
      },
    ]
  })
  return [...own, ...baseUnits, ...custom]
}

/** The values of a unit by path, without those that are missing. */
export function unitValues({ paths }: FieldUnit, row: Values): Record<Path, unknown> {
  const values: Record<Path, unknown> = {}
  for (const path of paths) {
    const value = path.startsWith('custom.') ? customValue(row, path.slice('custom.'.length)) : row[path]
    if (value !== undefined && value !== null) values[path] = value
  }
  return values
}

/** Whether a unit says nothing in a row: no value, an empty text or an empty list. */
export function isEmptyUnit(values: Values): boolean {
  return Object.values(values).every((value) => value === '' || (Array.isArray(value) && value.length === 0))
}

/** Values by path as an update takes them: custom fields in one object, `null` where a value is taken away. */
export function patchOfUnits(row: Values, chosen: readonly (readonly [FieldUnit, Values])[]): Record<Path, unknown> {
  const patch: Record<Path, unknown> = {}
  const custom: Record<string, unknown> = { ...(row.custom as object | undefined) }
  for (const [unit, values] of chosen) {
    for (const path of unit.paths) {
      const value = values[path] ?? null
      if (!path.startsWith('custom.')) {
        const bare = Array.isArray(value) && value.length === 0 && (path === 'tags' || path === 'teamIds')
        patch[path] = bare ? null : value
      } else if (value === null) delete custom[path.slice('custom.'.length)]
      else custom[path.slice('custom.'.length)] = value
    }
  }
  patch.custom = Object.keys(custom).length > 0 ? custom : null
  return patch
}

function customValue(row: Values, key: string): unknown {
  const custom = (row.custom ?? {}) as Readonly<Record<string, unknown>>
  return Object.hasOwn(custom, key) ? custom[key] : undefined
}
