import type { FieldMask } from '../../access/field-mask.js'
import { type Entity, isInternalPath } from '../../entity/entity.js'
import { maskFor } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'
import { resolvePath } from '../../storage/entity-def.js'
import type { Path } from '../../storage/row.js'
import { type ImportField, importFieldsOf } from '../import/import-field.js'

/** A field that is exported. */
export interface ExportColumn {
  readonly path: Path
  /** Known for what an import can set; the rest is written as it is. */
  readonly field?: ImportField
}

/**
 * The columns of an export. Throws `validation_failed` for what is no field, and `access_denied` for a field that is named and that
 * the actor may not read; without names, what the actor may not read is left out.
 */
export async function exportColumns(
  context: SessionContext,
  entity: Entity,
  fields: readonly Path[] | undefined,
  place = 'fields',
): Promise<ExportColumn[]> {
  const customFields = await context.customFields.fieldsOf(context.storage, context.tenantId, entity.name)
  const known = importFieldsOf(entity, customFields)
  const mask = await maskFor(context, entity)
  if (fields === undefined) {
    const own = [...known.values()].filter(({ path, partOf }) => partOf === undefined && mask.readable(path))
    return [{ path: 'id' }, ...own.map((field) => ({ path: field.path, field }))]
  }
  return fields.map((path) => {
    const field = known.get(path)
    requireReadable(entity, mask, path, place)
    if (!field && !isKept(entity, path)) throw invalidField(`${place}.${path}`, `is not a field of ${entity.name}`)
    return { path, ...(field && { field }) }
  })
}

function requireReadable(entity: Entity, mask: FieldMask, path: Path, place: string): void {
  if (mask.readable(path)) return
  throw new CrmError('access_denied', `The actor may not read ${path}`, {
    entity: entity.name,
    field: path,
    reason: place,
  })
}

function isKept(entity: Entity, path: Path): boolean {
  const target = resolvePath(entity.storage, path)
  return target !== undefined && target.inside.length === 0 && !isInternalPath(entity, path)
}

/** The value of a record at a path. */
export function valueAtPath(record: unknown, path: Path): unknown {
  let value = record
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}
