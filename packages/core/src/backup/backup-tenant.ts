import type { SessionContext } from '../entity/session-context.js'
import { CrmError, throwIfAborted } from '../kernel/crm-error.js'
import { instantOf } from '../kernel/instant.js'
import type { Row } from '../storage/row.js'
import type { CallOptions } from '../storage/storage-adapter.js'
import {
  type BackupEnd,
  type BackupHeader,
  type BackupLine,
  backupFormatVersion,
  definitionsOfBackup,
} from './backup-format.js'
import { backedUpEntities, requireWholeTenant } from './backup-rights.js'
import { followChanges } from './follow-changes.js'
import { LineDigest } from './line-digest.js'

const pageSize = 500

/**
 * All of a tenant as lines of JSON, each with its line feed: a header, every row of every entity, what writers changed meanwhile, and a
 * last line with a checksum. Memory stays the same at any size.
 *
 * Where the storage has a change feed the backup is the state at one instant, its end, whatever writers do. Without one, each record
 * is whole, but two of them may stem from different instants: let nobody write meanwhile.
 *
 * Throws `access_denied` unless the actor may read everything, `conflict` while a restore of the tenant is unfinished (reason
 * `restore_unfinished`) or when writers never pause (`busy`, retriable).
 */
export async function* backupTenant(
  context: SessionContext,
  options: CallOptions = {},
): AsyncGenerator<string, void, undefined> {
  await requireWholeTenant(context, ['read'])
  const [unfinished] = await context.storage.getMany('restoration', ['restoration'], options)
  if (unfinished) throw restoreUnfinished()
  const entities = backedUpEntities(context)
  const changes = await followChanges(context, new Set(entities.map(({ name }) => name)), options)

  const digest = new LineDigest()
  const written = (line: BackupHeader | BackupLine): string => {
    const text = JSON.stringify(line)
    digest.add(text)
    return `${text}\n`
  }
  yield written({
    kind: 'header',
    format: 'rapport-backup',
    formatVersion: backupFormatVersion,
    tenantId: context.tenantId,
    madeAt: instantOf(context.clock.now()),
    consistency: changes ? 'instant' : 'record',
    entities: definitionsOfBackup(entities),
  })
  for (const { name } of entities) {
    for await (const row of rowsOf(context, name, options)) yield written({ kind: 'row', entity: name, row })
  }
  if (changes) for await (const line of changes.upToNow()) yield written(line)
  const end: BackupEnd = { kind: 'end', lines: digest.lines, checksum: digest.finish() }
  yield `${JSON.stringify(end)}\n`
}

async function* rowsOf(context: SessionContext, entity: string, { signal }: CallOptions): AsyncGenerator<Row> {
  for (let after: readonly [string] | undefined; ; ) {
    throwIfAborted(signal)
    const page = await context.storage.find({
      entity,
      order: ['id'],
      limit: pageSize,
      ...(after && { after }),
      ...(signal && { signal }),
    })
    yield* page.rows
    const last = page.rows.at(-1)
    if (page.done || !last) return
    after = [last.id]
  }
}

function restoreUnfinished(): CrmError {
  return new CrmError('conflict', 'A restore of this tenant has not come to its end', {
    reason: 'restore_unfinished',
    remedy: 'wait for it; where it was interrupted, restore again',
  })
}
