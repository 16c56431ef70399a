import type { Entity } from '../entity/entity.js'
import type { SessionContext } from '../entity/session-context.js'
import { throwIfAborted } from '../kernel/crm-error.js'
import type { CallOptions } from '../storage/storage-adapter.js'
import {
  type BackupConsistency,
  type BackupEnd,
  type BackupHeader,
  corruptBackup,
  cutBackup,
  parseHeader,
  parseLine,
  requireFitting,
} from './backup-format.js'
import { backedUpEntities, requireWholeTenant } from './backup-rights.js'
import { LineDigest } from './line-digest.js'
import { beginRestoration, type Restoration } from './restoration.js'
import { RestoreBatch } from './restore-batch.js'
import { textLines } from './text-lines.js'

/** A backup as it comes from a file or a request: text or UTF-8, cut anywhere. */
export type BackupText = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>

/** What was restored. */
export interface RestoredTenant {
  /** Instant at which the backup was begun. */
  readonly madeAt: string
  /** Whether it is the tenant's state at one instant. */
  readonly consistency: BackupConsistency
  /** Rows written, of all entities. */
  readonly rows: number
}

/**
 * Fills an empty tenant with a backup of it, made by any storage: every row with its version, instants, journal and derived fields. What
 * subscribers have read is left out, since places in a change feed mean nothing elsewhere: they begin anew.
 *
 * Rows are written in batches while the backup is read. Until the last one is there and the checksum is right, the tenant is marked
 * as unfinished: let nobody in before the call returns. When it fails, what was written is removed again; when the process dies, the
 * next call removes it and begins anew.
 *
 * Throws `access_denied` unless the actor may write everything; `validation_failed` for what is no backup (reason `backup_format`), of
 * another tenant (`backup_tenant`), damaged (`backup_corrupt`) or cut (`backup_cut`); `unsupported` for a newer format
 * (`backup_version`) or other definitions (`backup_schema`); `conflict` when the tenant holds rows (`tenant_not_empty`), or when another
 * restore of it took over (`check`).
 */
export async function restoreTenant(
  context: SessionContext,
  backup: BackupText,
  options: CallOptions = {},
): Promise<RestoredTenant> {
  await requireWholeTenant(context, ['create', 'update', 'delete'])
  const entities = backedUpEntities(context)
  const lines = textLines(backup)
  try {
    const digest = new LineDigest()
    const first = await lines.next()
    if (first.done) throw cutBackup()
    const header = parseHeader(first.value)
    requireFitting(header, context.tenantId, entities)
    digest.add(first.value)
    const restoration = await beginRestoration(context, entities, options)
    return await fill(context, lines, header, digest, { restoration, entities, options })
  } finally {
    // Where the rest is not wanted, a file or a request behind it is let go.
    await lines.return()
  }
}

async function fill(
  context: SessionContext,
  lines: AsyncIterable<string>,
  header: BackupHeader,
  digest: LineDigest,
  target: Target,
): Promise<RestoredTenant> {
  const { restoration } = target
  try {
    const rows = await writeLines(lines, header, digest, target)
    await restoration.finish()
    context.customFields.forget(context.tenantId)
    return { madeAt: header.madeAt, consistency: header.consistency, rows }
  } catch (error) {
    // The first error is the one to tell; where removing fails too, the mark stays for the next attempt.
    await restoration.giveUp().catch(() => {})
    throw error
  }
}

interface Target {
  readonly restoration: Restoration
  readonly entities: readonly Entity[]
  readonly options: CallOptions
}

async function writeLines(
  lines: AsyncIterable<string>,
  header: BackupHeader,
  digest: LineDigest,
  { restoration, entities, options }: Target,
): Promise<number> {
  const names = new Set(entities.map(({ name }) => name))
  const batch = new RestoreBatch(restoration, header.consistency === 'instant')
  let end: BackupEnd | undefined
  for await (const text of lines) {
    throwIfAborted(options.signal)
    const number = digest.lines + 1
    if (end) throw corruptBackup(number)
    const line = parseLine(text, number)
    if (line.kind === 'end') {
      end = line
      continue
    }
    digest.add(text)
    if (!names.has(line.entity)) throw corruptBackup(number)
    await batch.add(line, number, text.length)
  }
  if (!end) throw cutBackup()
  await batch.flush()
  if (end.lines !== digest.lines || end.checksum !== digest.finish()) throw corruptBackup(digest.lines)
  return batch.rows
}
