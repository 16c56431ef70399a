import { CrmError, invalidField } from '../kernel/crm-error.js'
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
  if (ifVersion !== undefined && !(Number.isSafeInteger(ifVersion) && ifVersion >= 1))
    throw invalidField('ifVersion', 'must be the version of the record as it was read')
  if (ifVersion !== undefined && ifVersion === current.version) return
  const wanted = byField(patch)
  const present = byField(current)
  const changed = base
    ? (path: Path) => !sameValue(valueIn(base, path), filledIn(path, present[path]))
    : await changedSince(context, entity, current, ifVersion as number)
  const fields = [...new Set(Object.keys(wanted).concat('custom' in patch ? customPaths(present) : []))].filter(
    (path) => !sameValue(wanted[path], present[path]) && changed(path),
  )
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
  if (!page.done || page.rows.length !== current.version - version) return () => true
  const fields = new Set<string>()
  for (const row of page.rows) {
    for (const { field } of row.changes as JournaledField[]) fields.add(field)
  }
  return (path) => fields.has(path)
}

/** Values by field, where each custom field is one of its own. */
function byField(values: Readonly<Record<Path, unknown>>): Record<Path, unknown> {
  const { custom, ...rest } = values
  const own: Record<Path, unknown> = rest
  for (const [key, value] of Object.entries(custom ?? {})) own[`custom.${key}`] = value
  return own
}

function customPaths(values: Readonly<Record<Path, unknown>>): Path[] {
  return Object.keys(values).filter((path) => path.startsWith('custom.'))
}

/** A stored value as a record shows it: lists of the base are there even when nothing is stored. */
function filledIn(path: Path, value: unknown): unknown {
  return value === undefined && (path === 'teamIds' || path === 'tags') ? [] : value
}

function valueIn(base: Readonly<Record<string, unknown>>, path: Path): unknown {
  let value: unknown = base
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key]
  return value
}
