import { sameValue } from '../../entity/canonical-json.js'
import type { Entity } from '../../entity/entity.js'
import type { JournaledField } from '../../entity/journal-entity.js'
import type { SessionContext } from '../../entity/session-context.js'
import { allOf } from '../../storage/filter.js'
import type { Path, Row } from '../../storage/row.js'
import type { UndoConflict } from './import-report.js'
import type { RowInput } from './import-target.js'

/** A journal entry, as far as an undo reads it. */
interface Entry {
  readonly recordId: string
  readonly recordVersion: number
  readonly cause?: string
  readonly changes: readonly JournaledField[]
}

/** The journal of some records, oldest entry first, by record. Reads page by page, for all records together. */
export async function journalOf(
  context: SessionContext,
  entity: Entity,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const entries = new Map<string, Entry[]>()
  if (ids.length === 0) return entries
  const where = allOf({ op: 'eq', path: 'entity', value: entity.name }, { op: 'in', path: 'recordId', values: ids })
  for (let after: readonly [string] | undefined; ; ) {
    const page = await context.storage.find({
      entity: 'journal',
      where,
      order: ['id'],
      limit: 1_000,
      fields: ['recordId', 'recordVersion', 'cause', 'changes'],
      ...(after && { after }),
    })
    for (const row of page.rows as (Row & Entry)[])
      entries.set(row.recordId, [...(entries.get(row.recordId) ?? []), row])
    const last = page.rows.at(-1)
    if (page.done || !last) break
    after = [last.id]
  }
  for (const list of entries.values()) list.sort((a, b) => a.recordVersion - b.recordVersion)
  return entries
}

/** Whether somebody other than the import and its undo changed a record behind a version. */
export function changedByOthers(entries: readonly Entry[], version: number, own: ReadonlySet<string>): boolean {
  return entries.some((entry) => entry.recordVersion > version && !own.has(entry.cause ?? ''))
}

/**
 * The patch that gives a record the values from before some changes of it, from the journal. A field that others changed since the
 * first of them stays and is a conflict, and so is one whose old value was erased.
 */
export function restoringPatch(
  entity: Entity,
  row: Row,
  versions: readonly number[],
  entries: readonly Entry[],
  own: ReadonlySet<string>,
): { readonly patch: RowInput; readonly conflicts: readonly UndoConflict[] } {
  const conflicts: UndoConflict[] = []
  const patch: Record<string, unknown> = {}
  const first = Math.min(...versions)
  const later = new Set(
    entries
      .filter((entry) => entry.recordVersion > first && !own.has(entry.cause ?? ''))
      .flatMap(({ changes }) => changes.map(({ field }) => field)),
  )
  const seen = new Set<Path>()
  const undone = entries
    .filter(({ recordVersion }) => versions.includes(recordVersion))
    .flatMap(({ changes }) => changes)
  for (const { field, before, salt } of undone) {
    // The oldest change holds the value from before all of them.
    if (seen.has(field)) continue
    seen.add(field)
    if (sameValue(storedAt(row, field), before)) continue
    const conflict = (reason: UndoConflict['reason'], message: string): void => {
      conflicts.push({ id: row.id, field, reason, message })
    }
    if (later.has(field)) conflict('changed_since', 'was changed since; it stays as it is')
    else if (salt === undefined) conflict('erased', 'was erased; there is nothing to bring back')
    else restore(entity, row, patch, field, before)
  }
  return { patch, conflicts }
}

function storedAt(row: Row, field: Path): unknown {
  if (!field.startsWith('custom.')) return row[field]
  const custom = (row.custom ?? {}) as RowInput
  const key = field.slice('custom.'.length)
  return Object.hasOwn(custom, key) ? custom[key] : undefined
}

/** A patch replaces a nested object whole, so its other fields come from the row as it stands. */
function restore(entity: Entity, row: Row, patch: Record<string, unknown>, field: Path, before: unknown): void {
  const dot = field.indexOf('.')
  if (dot < 0) {
    patch[field] = before ?? null
    return
  }
  const name = field.slice(0, dot)
  const nested = (patch[name] ?? (name === 'custom' ? {} : nestedOf(entity, row, name))) as Record<string, unknown>
  if (before === undefined && name !== 'custom') delete nested[field.slice(dot + 1)]
  else nested[field.slice(dot + 1)] = before ?? null
  patch[name] = nested
  if (name !== 'custom' && Object.keys(nested).length === 0) patch[name] = null
}

function nestedOf(entity: Entity, row: Row, name: string): Record<string, unknown> {
  const nested: Record<string, unknown> = {}
  for (const path of entity.fields.keys()) {
    if (path.startsWith(`${name}.`) && row[path] !== undefined) nested[path.slice(name.length + 1)] = row[path]
  }
  return nested
}
