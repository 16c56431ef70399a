import type { SessionContext } from '../entity/session-context.js'
import { deriveId } from '../kernel/id.js'
import { instantOf } from '../kernel/instant.js'
import type { Filter } from '../storage/filter.js'
import type { Row } from '../storage/row.js'
import { findHold, withReferences } from './legal-hold.js'
import type { RetentionPolicy } from './retention-policy.js'
import { pagesOf } from './subject-rows.js'

const dayMs = 86_400_000

/** What has been there for longer than a policy lets it be, at a moment. */
export function isOver({ since, afterDays }: RetentionPolicy, at: number): Filter {
  return { op: 'lt', path: since, value: instantOf(at - afterDays * dayMs) }
}

/** A record whose time is over. */
export interface DueRecord {
  readonly row: Row
  /** Kept by a legal hold on it or on what it refers to. */
  readonly held: boolean
}

/** Records whose time is over at a moment, without those a policy has been applied to and that did not change since. */
export async function* dueRecords(
  context: SessionContext,
  policy: RetentionPolicy,
  at: number,
): AsyncGenerator<DueRecord> {
  const entity = context.registry.get(policy.object)
  for await (const rows of pagesOf(context, entity.name, isOver(policy, at))) {
    const erasures = await context.storage.getMany(
      'erasure',
      rows.map(({ id }) => deriveId('erasure', entity.name, id)),
    )
    for (const [index, row] of rows.entries()) {
      const erasedAt = erasures[index]?.erasedAt as string | undefined
      const done = erasedAt !== undefined && erasedAt >= (row.updatedAt as string)
      if (done && (policy.action === 'anonymise' || erasures[index]?.mode === 'delete')) continue
      yield { row, held: (await findHold(context, withReferences(entity, row))) !== undefined }
    }
  }
}
