import type { Capabilities, Change, StorageSession } from '@rapport/core/storage'
import { assert } from '../assertion.js'
import { pause } from './writing.js'

const pageSize = 100

/**
 * Reads the change feed to its end, from the beginning or from behind a position. An adapter that declares a lag is given that
 * time before the end is believed.
 */
export async function readAllChanges(
  session: StorageSession,
  capabilities: Capabilities,
  after?: string,
): Promise<Change[]> {
  const seen = await readWaitingChanges(session, after)
  const lagMs = capabilities.changes === 'none' ? 0 : capabilities.changes.lagMs
  if (lagMs === 0) return seen
  await pause(lagMs)
  return [...seen, ...(await readWaitingChanges(session, seen.at(-1)?.position ?? after))]
}

/** Reads page after page until one comes back empty. */
export async function readWaitingChanges(session: StorageSession, after?: string): Promise<Change[]> {
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
