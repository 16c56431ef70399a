import * as z from 'zod/mini'
import { type ValidationIssue, validationError } from '../kernel/crm-error.js'
import type { Path } from '../storage/row.js'
import { baseInputShape } from './base-record.js'
import { type Entity, innerSchema } from './entity.js'
import { fieldFacts } from './field.js'

interface InputSchemas {
  readonly create: z.ZodMiniType
  readonly patch: z.ZodMiniType
  /** The stored paths that input fills. */
  readonly places: readonly InputPlace[]
}

/** Where the value of a stored path stands in the input. */
interface InputPlace {
  readonly path: Path
  readonly keys: readonly string[]
  /** A field that every record has. */
  readonly isBase: boolean
}

const schemas = new WeakMap<Entity, InputSchemas>()

/** Values of a new record by stored path, checked and with defaults. Throws `validation_failed` naming every wrong field. */
export function parseNew(entity: Entity, input: unknown): Record<Path, unknown> {
  return flatten(entity, check(entity, schemasOf(entity).create, input), false)
}

/** Values of a patch by stored path; `null` clears. Throws `validation_failed` naming every wrong field. */
export function parsePatch(entity: Entity, input: unknown): Record<Path, unknown> {
  const values = flatten(entity, check(entity, schemasOf(entity).patch, input), true)
  const fixed = Object.keys(values).filter((path) => entity.fields.get(path)?.immutable)
  if (fixed.length > 0) {
    throw validationError(
      fixed.map((path) => ({ path, message: 'is set on creation and cannot be changed' })),
      { entity: entity.name },
    )
  }
  return values
}

/** Runs a schema over input, turning what it finds into issues that never repeat the input. */
export function check<Schema extends z.ZodMiniType>(
  entity: { readonly name: string },
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const result = z.safeParse(schema, input)
  if (result.success) return result.data
  throw validationError(result.error.issues.flatMap(issuesOf), { entity: entity.name })
}

function schemasOf(entity: Entity): InputSchemas {
  const known = schemas.get(entity)
  if (known) return known
  const own = entity.schema.shape as Readonly<Record<string, z.ZodMiniType>>
  const base: Readonly<Record<string, z.ZodMiniType>> = entity.kind === 'record' ? baseInputShape : {}
  const made: InputSchemas = {
    create: z.strictObject({ ...own, ...base }),
    patch: z.strictObject(
      Object.fromEntries(Object.entries({ ...own, ...base }).map(([name, schema]) => [name, patchSchema(schema)])),
    ),
    places: [
      ...[...entity.fields.values()].flatMap(({ path, derived }) =>
        derived ? [] : [{ path, keys: path.split('.'), isBase: Object.hasOwn(baseInputShape, path) }],
      ),
      ...Object.keys(base).map((path) => ({ path, keys: [path], isBase: true })),
    ],
  }
  schemas.set(entity, made)
  return made
}

/** In a patch everything is optional, nothing has a default, and what is optional may be cleared with `null`. */
function patchSchema(schema: z.ZodMiniType): z.ZodMiniType {
  let bare: z.core.SomeType = schema
  let clearable = false
  for (
    let inner = fieldFacts.has(bare as z.core.$ZodType) ? undefined : innerSchema(bare);
    inner;
    inner = innerSchema(bare)
  ) {
    clearable ||= inner.optional
    bare = inner.schema
    if (fieldFacts.has(bare as z.core.$ZodType)) break
  }
  return z.optional(clearable ? z.nullable(bare as z.ZodMiniType) : (bare as z.ZodMiniType))
}

/**
 * The stored paths that unchecked input names, below nested objects and custom values too; unknown fields are left out. A nested
 * object names all of its paths, since it is replaced whole.
 */
export function namedPaths(entity: Entity, input: Readonly<Record<string, unknown>>): Path[] {
  const base = entity.kind === 'record' ? baseInputShape : {}
  const paths: Path[] = []
  for (const field of Object.keys(input)) {
    const value = input[field]
    if (value === undefined) continue
    if (Object.hasOwn(base, field)) {
      const inside = field === 'custom' && typeof value === 'object' && value !== null ? Object.keys(value) : []
      if (inside.length === 0) paths.push(field)
      for (const key of inside) paths.push(`custom.${key}`)
    } else if (!Object.hasOwn(entity.schema.shape, field)) continue
    else if (entity.fields.has(field)) paths.push(field)
    else for (const path of entity.fields.keys()) if (path.startsWith(`${field}.`)) paths.push(path)
  }
  return paths
}

/**
 * Nested input to stored paths. A patch replaces a nested object whole: what it leaves out is cleared, and `null` clears all of
 * its paths.
 */
function flatten(entity: Entity, input: unknown, patch: boolean): Record<Path, unknown> {
  const values: Record<Path, unknown> = {}
  const source = input as Readonly<Record<string, unknown>>
  for (const { path, keys, isBase } of schemasOf(entity).places) {
    let value: unknown = source
    let inside = false
    for (const key of keys) {
      if (value === null || value === undefined) break
      inside = value !== source
      value = (value as Record<string, unknown>)[key]
    }
    if (patch && inside && value === undefined) value = null
    // An empty list of the base fields is kept as a missing one, so that both are the same to who compares.
    if (isBase && Array.isArray(value) && value.length === 0) value = null
    if (value !== undefined && (patch || value !== null)) values[path] = owned(value, 0)
  }
  return values
}

/** A copy of what a caller may still have a hold of, and change while it is on its way. Deeper than any JSON that is stored, it stays. */
function owned(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > 32) return value
  if (Array.isArray(value)) return value.map((member: unknown) => owned(member, depth + 1))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, owned(member, depth + 1)]))
}

function issuesOf(issue: z.core.$ZodIssue): ValidationIssue[] {
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path ? `${path}.${key}` : key,
      message: 'is not a known field; remove it or register a custom field',
    }))
  }
  return [{ path, message: messageOf(issue) }]
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && issue.expected !== 'nonoptional'
        ? `is missing or not ${article(issue.expected)}`
        : `must be ${article(issue.expected)}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      return 'has none of the forms allowed here'
    case 'custom':
      return issue.message
    default:
      return issue.message === 'Invalid input' ? 'is not valid' : issue.message
  }
}

function article(kind: string): string {
  return /^[aeio]/.test(kind) ? `an ${kind}` : `a ${kind}`
}
