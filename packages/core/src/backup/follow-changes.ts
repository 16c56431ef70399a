import type { SessionContext } from '../entity/session-context.js'
import { CrmError, isCrmError, throwIfAborted } from '../kernel/crm-error.js'
import { deriveId } from '../kernel/id.js'
import { instantOf } from '../kernel/instant.js'
import type { CallOptions, Change } from '../storage/storage-adapter.js'
import type { BackupLine } from './backup-format.js'

const pageSize = 1_000
const pollMs = 20
/** Half a minute in all: transactions of others, and the lag of a feed that goes by the clock, hold it back. */
const mostPolls = 1_500
const mostRounds = 1_000
/** A backup reads the feed as subscribers do, and keeps its place as they do: the next one need not read it all again. */
const reader = 'rapport.backup'

/** What happened since a moment in the past, up to a moment at which nothing more did. */
export interface FollowedChanges {
  /** Rows that changed, as they are now, and rows that are gone. Some come more than once; the last line of each is its state. */
  upToNow(): AsyncGenerator<BackupLine, void, undefined>
}

/**
 * Begins to follow the changes of a tenant; `undefined` where the storage has no change feed.
 *
 * The end is found with a mark: a write of its own, which the feed shows behind everything that was committed before. When nobody else
 * wrote between two marks, every row that was read up to the first is as it was at the second, and all of them belong together.
 */
export async function followChanges(
  context: SessionContext,
  entities: ReadonlySet<string>,
  options: CallOptions = {},
): Promise<FollowedChanges | undefined> {
  const { storage, clock } = context
  const id = deriveId('subscription', reader)
  const [kept] = await storage.getMany('subscription', [id], options)
  let position = (kept?.position as string | undefined) || undefined
  let polls = 0

  const next = async (): Promise<Change[]> => {
    throwIfAborted(options.signal)
    const changes = await storage.changes(position, pageSize, options)
    position = changes.at(-1)?.position ?? position
    return changes
  }
  /** Keeps the place, and returns the version that the feed will show. */
  const mark = async (): Promise<number> => {
    const row = { id, name: reader, position: position ?? '', updatedAt: instantOf(clock.now()) }
    const [result] = await storage.write([{ do: 'upsert', entity: 'subscription', row }], options)
    return result?.version ?? 0
  }
  /** What the feed shows up to a mark, and perhaps a little more. */
  async function* changesUpTo(version: number): AsyncGenerator<readonly Change[]> {
    for (;;) {
      const changes = await next()
      if (changes.length > 0) yield changes.filter(({ entity }) => entities.has(entity))
      if (changes.some((change) => change.id === id && change.version >= version)) return
      if (changes.length > 0) continue
      if (++polls > mostPolls) throw neverQuiet()
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }

  /** Goes to the end of what the feed shows; whether there is a feed. */
  const skip = async (): Promise<boolean> => {
    try {
      while ((await next()).length === pageSize);
      return true
    } catch (error) {
      if (isCrmError(error, 'unsupported')) return false
      if (!isCrmError(error, 'not_found') || position === undefined) throw error
      // The feed no longer goes back to where the last backup ended. What lies in between is read anyway.
      position = undefined
      return skip()
    }
  }
  if (!(await skip())) return undefined
  return {
    async *upToNow() {
      for (let round = 0; round < mostRounds; round++) {
        let quiet = true
        for await (const changes of changesUpTo(await mark())) {
          quiet &&= changes.length === 0
          yield* linesOf(context, changes, options)
        }
        if (quiet) return
      }
      throw neverQuiet()
    },
  }
}

async function* linesOf(
  context: SessionContext,
  changes: readonly Change[],
  options: CallOptions,
): AsyncGenerator<BackupLine> {
  for (const entity of new Set(changes.map((change) => change.entity))) {
    const ids = [...new Set(changes.filter((change) => change.entity === entity).map(({ id }) => id))]
    const rows = await context.storage.getMany(entity, ids, options)
    for (const [index, row] of rows.entries())
      yield row ? { kind: 'newer', entity, row } : { kind: 'gone', entity, id: ids[index] as string }
  }
}

function neverQuiet(): CrmError {
  return new CrmError('conflict', 'Writers left no moment at which the backup could end', {
    reason: 'busy',
    retriable: true,
    remedy: 'try again when less is written, or back up the database itself',
  })
}
