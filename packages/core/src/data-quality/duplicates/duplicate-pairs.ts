import type { EntityChange } from '../../entity/entity-change.js'
import { resolveAliases } from '../../entity/record-alias.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Filter } from '../../storage/filter.js'
import type { Row } from '../../storage/row.js'
import { duplicateId, orderedPair } from './duplicate-entity.js'

type Pair = readonly [string, string]

/** Says of pairs that were found that they were merged. */
export async function planMergedPairs(
  context: SessionContext,
  object: string,
  pairs: readonly Pair[],
): Promise<EntityChange[]> {
  const rows = await readPairs(context, object, pairs)
  return rows.flatMap((row) => (row && row.status !== 'merged' ? [planStatus(row, 'merged')] : []))
}

/** Says of pairs that they are different, whether or not they were ever found. */
export async function planPairsApart(
  context: SessionContext,
  object: string,
  pairs: readonly Pair[],
): Promise<EntityChange[]> {
  const rows = await readPairs(context, object, pairs)
  return pairs.flatMap(([a, b], index): EntityChange[] => {
    const row = rows[index]
    if (row) return row.status === 'dismissed' ? [] : [planStatus(row, 'dismissed')]
    const [leftId, rightId] = orderedPair(a, b)
    const values = { object, leftId, rightId, status: 'dismissed' }
    return [{ kind: 'create', entity: 'duplicate', id: duplicateId(object, a, b), values, implied: true }]
  })
}

/** A change of what became of a pair. */
export function planStatus(before: Row, status: 'open' | 'dismissed' | 'merged' | 'outdated'): EntityChange {
  return { kind: 'update', entity: 'duplicate', before, values: { status }, implied: true }
}

/** The pairs of a kind of record of which the same became. */
export function pairsWith(object: string, status: 'open' | 'dismissed'): Filter {
  return {
    op: 'and',
    args: [
      { op: 'isNull', path: 'deletedAt' },
      { op: 'eq', path: 'object', value: object },
      { op: 'eq', path: 'status', value: status },
    ],
  }
}

/** The pairs that somebody said are different. Where one of the records was merged, it holds for what it was merged into. */
export async function readPairsApart(context: SessionContext, object: string): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let after: readonly [string] | undefined; ; ) {
    const page = await context.storage.find({
      entity: 'duplicate',
      where: pairsWith(object, 'dismissed'),
      order: ['id'],
      limit: 1_000,
      ...(after && { after }),
    })
    const ids = [...new Set(page.rows.flatMap((row) => [row.leftId as string, row.rightId as string]))]
    const leads = await resolveAliases(context, object, ids)
    for (const row of page.rows) {
      const [left, right] = [row.leftId, row.rightId].map((id) => leads.get(id as string) as string) as [string, string]
      if (left !== right) pairs.push([left, right])
    }
    const last = page.rows.at(-1)
    if (page.done || !last) return pairs
    after = [last.id]
  }
}

function readPairs(context: SessionContext, object: string, pairs: readonly Pair[]): Promise<(Row | undefined)[]> {
  return context.storage.getMany(
    'duplicate',
    pairs.map(([a, b]) => duplicateId(object, a, b)),
  )
}
