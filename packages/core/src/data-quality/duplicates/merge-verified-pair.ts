import { resolveAliases } from '../../entity/record-alias.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Row } from '../../storage/row.js'
import { mergeInPlace } from '../merge/merge-in-place.js'
import type { MergeKinds } from '../merge/mergeable.js'
import { duplicateId } from './duplicate-entity.js'
import type { Matchable } from './matching-engine.js'
import { isSameVerified } from './verified-identity.js'

/**
 * Merges two records when a verified identifier proves that they are the same and none that they are not. The older record stays.
 * Answers whether it did.
 */
export async function mergeVerifiedPair(
  context: SessionContext,
  { object, matchable, kinds }: { readonly object: string; readonly matchable: Matchable; readonly kinds: MergeKinds },
  pair: readonly [string, string],
): Promise<boolean> {
  const [known] = await context.storage.getMany('duplicate', [duplicateId(object, ...pair)])
  if (known?.status === 'dismissed') return false
  const leads = await resolveAliases(context, object, pair)
  const ids = [...new Set(pair.map((id) => leads.get(id) as string))]
  if (ids.length < 2) return false
  const rows = (await context.storage.getMany(object, ids)).filter(
    (row): row is Row => row !== undefined && row.deletedAt === undefined,
  )
  const [older, newer] = rows.toSorted((a, b) => compareAge(a, b))
  if (!older || !newer || !isSameVerified(matchable.identity(older), matchable.identity(newer))) return false
  await mergeInPlace(context, kinds, object, { survivorId: older.id, mergedIds: [newer.id] })
  return true
}

function compareAge(a: Row, b: Row): number {
  const [left, right] = [a, b].map((row) => `${row.createdAt as string}${row.id}`) as [string, string]
  return left < right ? -1 : 1
}
