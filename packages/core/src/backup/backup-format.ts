import type { Entity } from '../entity/entity.js'
import { CrmError } from '../kernel/crm-error.js'
import type { FieldType } from '../storage/entity-def.js'
import type { Path, Row } from '../storage/row.js'

/** The version of the format that is written here, and the newest that is read. */
export const backupFormatVersion = 1

/**
 * What a backup promises about writers that went on while it was made.
 * - `instant`: it is the state of the tenant at one instant, at its end.
 * - `record`: each record is whole; two of them may stem from different instants of the backup.
 */
export type BackupConsistency = 'instant' | 'record'

/** The first line: what the backup is of. */
export interface BackupHeader {
  readonly kind: 'header'
  readonly format: 'rapport-backup'
  readonly formatVersion: number
  readonly tenantId: string
  /** Instant at which it was begun. */
  readonly madeAt: string
  readonly consistency: BackupConsistency
  /** The definitions its rows were written under: type by path, by entity. */
  readonly entities: Readonly<Record<string, Readonly<Record<Path, FieldType>>>>
}

/**
 * A line of content. `row` is a record as it was found first; `newer` takes the place of an earlier line of its record, `gone`
 * takes it away: both tell of what writers did meanwhile.
 */
export type BackupLine =
  | { readonly kind: 'row' | 'newer'; readonly entity: string; readonly row: Row }
  | { readonly kind: 'gone'; readonly entity: string; readonly id: string }

/** The last line: without it, a backup was cut. */
export interface BackupEnd {
  readonly kind: 'end'
  /** Lines before this one, the header included. */
  readonly lines: number
  /** SHA-256 of all lines before this one, in hex. */
  readonly checksum: string
}

/** The definitions of the entities that are backed up, as a header tells them. */
export function definitionsOfBackup(entities: readonly Entity[]): BackupHeader['entities'] {
  return Object.fromEntries(
    entities.map(({ name, storage }) => [
      name,
      Object.fromEntries(Object.entries(storage.fields).map(([path, { type }]) => [path, type])),
    ]),
  )
}

/** Reads the first line. Throws `validation_failed` when it is no header, `unsupported` when its format is newer. */
export function parseHeader(text: string): BackupHeader {
  const header = parseObject(text)
  if (header?.kind !== 'header' || header.format !== 'rapport-backup' || typeof header.formatVersion !== 'number') {
    throw new CrmError('validation_failed', 'This is no backup: its first line is no header', {
      reason: 'backup_format',
      remedy: 'pass what backup() gave, uncompressed and from its first byte',
    })
  }
  if (header.formatVersion > backupFormatVersion) {
    throw new CrmError('unsupported', `The backup has format ${header.formatVersion}`, {
      reason: 'backup_version',
      remedy: `this release reads format ${backupFormatVersion}; restore it with the release that made it, or a newer one`,
    })
  }
  const { tenantId, madeAt, consistency, entities } = header
  const isWhole =
    typeof tenantId === 'string' &&
    typeof madeAt === 'string' &&
    (consistency === 'instant' || consistency === 'record') &&
    typeof entities === 'object' &&
    entities !== null
  if (!isWhole) throw corruptBackup(1)
  return header as unknown as BackupHeader
}

/** Reads a line behind the first. Throws `validation_failed` naming its number when it is none of a backup. */
export function parseLine(text: string, number: number): BackupLine | BackupEnd {
  const line = parseObject(text)
  const isKnown =
    line?.kind === 'end'
      ? typeof line.lines === 'number' && typeof line.checksum === 'string'
      : typeof line?.entity === 'string' &&
        (line.kind === 'gone'
          ? typeof line.id === 'string'
          : (line.kind === 'row' || line.kind === 'newer') && typeof line.row === 'object' && line.row !== null)
  if (!isKnown) throw corruptBackup(number)
  return line as unknown as BackupLine | BackupEnd
}

/**
 * Throws `validation_failed` when the backup is of another tenant, and `unsupported` when it holds what the present definitions do not
 * know, or lacks what they require: nothing of it could be written, or not all.
 */
export function requireFitting(header: BackupHeader, tenantId: string, entities: readonly Entity[]): void {
  if (header.tenantId !== tenantId) {
    throw new CrmError('validation_failed', 'The backup is of another tenant', {
      field: 'tenantId',
      reason: 'backup_tenant',
      remedy: "restore it in a session of its own tenant: the journal's hashes cover the tenant's id",
    })
  }
  const known = new Map(entities.map((entity) => [entity.name, entity.storage]))
  for (const [name, fields] of Object.entries(header.entities)) {
    const def = known.get(name)
    if (!def) throw otherDefinitions(name)
    for (const [path, type] of Object.entries(fields))
      if (def.fields[path]?.type !== type) throw otherDefinitions(name, path)
    for (const [path, { required }] of Object.entries(def.fields))
      if (required && fields[path] === undefined) throw otherDefinitions(name, path)
  }
}

/** A line is not what was written. */
export function corruptBackup(line: number, cause?: unknown): CrmError {
  return new CrmError(
    'validation_failed',
    `Line ${line} of the backup is damaged`,
    { reason: 'backup_corrupt', remedy: 'use another copy of the backup' },
    { cause },
  )
}

/** The input ended before the last line. */
export function cutBackup(): CrmError {
  return new CrmError('validation_failed', 'The backup ends in the middle', {
    reason: 'backup_cut',
    remedy: 'use a copy that is whole: its last line is of the kind end',
  })
}

function otherDefinitions(entity: string, field?: string): CrmError {
  return new CrmError('unsupported', `The backup was made under another definition of ${entity}`, {
    entity,
    ...(field !== undefined && { field }),
    reason: 'backup_schema',
    remedy: 'restore it with the release that made it, then upgrade',
  })
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
