import { CrmError } from '../kernel/crm-error.js'
import type { Path, Row } from '../storage/row.js'
import { sameValue } from './canonical-json.js'
import type { Entity } from './entity.js'
import type { JournaledField } from './journal-entity.js'
import type { SessionContext } from './session-context.js'

/** What the caller knew of the record when it made its change. */
export interface UpdateOptions {
  /** Version the caller read. Changes made since to other fields are kept; to the same field they are a `conflict`. */
  readonly ifVersion?: number
  /** The record as the caller read it; without it the fields changed since come from the journal. */
  readonly base?: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
}

const mostEntries = 1_000

/**
 * Throws `conflict` naming the fields when somebody else changed, since the caller read the record, a field that the patch
 * sets to another value. Different fields never conflict.
 */
export async function refuseLostUpdate(
  context: SessionContext,
  entity: Entity,
  current: Row,
  patch: Readonly<Record<Path, unknown>>,
  options: UpdateOptions,
): Promise<void> {
  const { ifVersion, base } = options
  if (ifVersion === undefined && base === undefined) return
  if (ifVersion !== undefined && ifVersion === current.version) return
  const changed = base
    ? (path: Path) => !sameValue(valueIn(base, path), current[path])
    : await changedSince(context, entity, current, ifVersion as number)
  const fields = Object.keys(patch).filter((path) => changed(path) && !sameValue(patch[path], current[path]))
  if (fields.length === 0) return
  throw new CrmError('conflict', `Somebody else changed ${fields.join(', ')}`, {
    entity: entity.name,
    id: current.id,
    field: fields[0] as string,
    issues: fields.map((path) => ({ path, message: 'was changed by somebody else; read the record again' })),
    reason: 'field',
    actualVersion: current.version,
    remedy: 'read the record again and repeat the change',
  })
}

async function changedSince(
  context: SessionContext,
  entity: Entity,
  current: Row,
  version: number,
): Promise<(path: Path) => boolean> {
  const page = await context.storage.find({
    entity: 'journal',
    where: {
      op: 'and',
      args: [
        { op: 'eq', path: 'entity', value: entity.name },
        { op: 'eq', path: 'recordId', value: current.id },
        { op: 'gt', path: 'recordVersion', value: version },
      ],
    },
    order: ['-recordVersion', '-id'],
    limit: mostEntries,
  })
  if (!page.done || page.rows.length < current.version - version) return () => true
  const fields = new Set<string>()
  for (const row of page.rows) {
    for (const { field } of row.changes as JournaledField[]) fields.add(field.startsWith('custom.') ? 'custom' : field)
  }
  return (path) => fields.has(path)
}

function valueIn(base: Readonly<Record<string, unknown>>, path: Path): unknown {
  let value: unknown = base
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key]
  return value
}
