import type { FieldMask } from '../access/field-mask.js'
import type { Path, Row } from '../storage/row.js'
import type { BaseRecord } from './base-record.js'
import { type Entity, isInternalPath } from './entity.js'

const shownPaths = new WeakMap<Entity, readonly Path[]>()
const hiddenPaths = new WeakMap<Entity, ReadonlySet<Path>>()

/** A stored row as callers see it: nested, without internal paths and without what the actor may not read. */
export function toRecord<R = BaseRecord>(entity: Entity, row: Row, mask: FieldMask): R {
  const internal = internalPathsOf(entity)
  const record: Record<string, unknown> = {}
  for (const path in row) {
    if (path === 'custom') {
      const custom = readableCustom(row.custom as Readonly<Record<string, unknown>>, mask)
      if (custom) record.custom = custom
      continue
    }
    if (internal.has(path) || row[path] === undefined || !mask.readable(path)) continue
    if (path.includes('.')) place(record, path.split('.'), row[path])
    else record[path] = row[path]
  }
  if (entity.kind === 'record') {
    if (mask.readable('teamIds')) record.teamIds ??= []
    if (mask.readable('tags')) record.tags ??= []
    if (mask.readable('custom')) record.custom ??= {}
  }
  return record as R
}

/** The stored fields that a record is made of. Lists ask for no more, so that search terms stay where they are. */
export function recordPaths(entity: Entity): readonly Path[] {
  let paths = shownPaths.get(entity)
  if (!paths) {
    paths = Object.keys(entity.storage.fields).filter((path) => !isInternalPath(entity, path))
    shownPaths.set(entity, paths)
  }
  return paths
}

/** A mask can hide or show custom fields one by one. */
function readableCustom(
  custom: Readonly<Record<string, unknown>> | undefined,
  mask: FieldMask,
): Record<string, unknown> | undefined {
  const shown = Object.entries(custom ?? {}).filter(([key]) => mask.readable(`custom.${key}`))
  return shown.length > 0 ? Object.fromEntries(shown) : undefined
}

function place(record: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  let target = record
  for (let index = 0; index < keys.length - 1; index++) {
    const key = keys[index] as string
    target[key] ??= {}
    target = target[key] as Record<string, unknown>
  }
  target[keys[keys.length - 1] as string] = value
}

function internalPathsOf(entity: Entity): ReadonlySet<Path> {
  let paths = hiddenPaths.get(entity)
  if (!paths) {
    paths = new Set(Object.keys(entity.storage.fields).filter((path) => isInternalPath(entity, path)))
    hiddenPaths.set(entity, paths)
  }
  return paths
}
