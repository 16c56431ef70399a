import type { Capabilities, Change, StorageSession } from '@rapport/core/storage'
import { assert } from '../assertion.js'
import { pause } from './writing.js'

const pageSize = 100

/** How long what was committed may take to appear beyond the lag declared: others may work on the same server. */
const graceMs = 2_000

/** Where to start reading a feed, and what is waited for. */
export interface FeedReading {
  /** Position of the last entry seen; from the beginning when left out. */
  readonly after?: string | undefined
  /** Whether the entries seen are all that must come. Without it the end is believed after the lag that the adapter declares. */
  readonly until?: (seen: readonly Change[]) => boolean
}

/** Reads the change feed to its end; see {@link FeedReading}. Returns what came when the time is over. */
export async function readAllChanges(
  session: StorageSession,
  { changes }: Capabilities,
  { after, until }: FeedReading = {},
): Promise<Change[]> {
  const lagMs = changes === 'none' ? 0 : changes.lagMs
  const seen = await readWaitingChanges(session, after)
  const readOn = async (): Promise<void> => {
    seen.push(...(await readWaitingChanges(session, seen.at(-1)?.position ?? after)))
  }
  if (!until) {
    if (lagMs === 0) return seen
    await pause(lagMs)
    await readOn()
    return seen
  }
  for (let waitedMs = 0; !until(seen) && waitedMs < lagMs + graceMs; waitedMs += 20) {
    await pause(20)
    await readOn()
  }
  return seen
}

/** Whether a feed names at least so many records. */
export function namesRecords(count: number): (seen: readonly Change[]) => boolean {
  return (seen) => new Set(seen.map(({ entity, id }) => `${entity} ${id}`)).size >= count
}

/** The last entry of every record, by entity and id: what a reader who follows the feed believes. */
export function lastEntries(feed: readonly Change[]): Map<string, Pick<Change, 'kind' | 'version'>> {
  return new Map(feed.map(({ entity: name, id, kind, version }) => [`${name} ${id}`, { kind, version }]))
}

/** Reads page after page until one comes back empty. */
async function readWaitingChanges(session: StorageSession, after?: string): Promise<Change[]> {
  const seen: Change[] = []
  let position = after
  for (let pages = 0; ; pages++) {
    assert(pages < 10_000, 'the change feed does not end')
    const page = await session.changes!(position, pageSize)
    assert(page.length <= pageSize, `changes returned ${page.length} entries where the limit is ${pageSize}`)
    const last = page.at(-1)
    if (!last) return seen
    seen.push(...page)
    position = last.position
  }
}
