import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { retryOnConflict } from '../../entity/record-service.js'
import type { Checkpoint } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { instantOf } from '../../kernel/instant.js'
import type { MatchableRecord, MatchedPair } from '../../matching/index.js'
import { allOf } from '../../storage/filter.js'
import type { MergeKinds } from '../merge/mergeable.js'
import { duplicateId, orderedPair } from './duplicate-entity.js'
import { pairsWith, planStatus, readPairsApart } from './duplicate-pairs.js'
import { loadMatching, type Matchable, type MatchKinds } from './matching-engine.js'
import { mergeVerifiedPair } from './merge-verified-pair.js'
import type { ScanParams } from './scan-params.js'

const pageSize = 1_000
/** A pair is two writes and its journal. */
const pairsPerBatch = 300

/**
 * Compares all records of a kind with each other and keeps the pairs that may be the same. What was said of a pair before stays said:
 * a dismissed one is never proposed again. The same records give the same pairs, so an interrupted scan begins anew and writes what
 * is missing.
 */
export async function scanDuplicates(
  kinds: { readonly matchKinds: MatchKinds; readonly mergeKinds: MergeKinds },
  context: SessionContext,
  params: ScanParams,
  checkpoint: Checkpoint,
): Promise<Readonly<Record<string, unknown>>> {
  const matchable = kinds.matchKinds[params.object] as Matchable
  const records = await readRecords(context, params.object, matchable, checkpoint)
  const notDuplicates = await readPairsApart(context, params.object)
  const { matchRecords } = await loadMatching()
  await checkpoint.save({ cursor: {}, done: 0, total: records.length })
  const { pairs } =
    records.length > 1
      ? matchRecords(records, {
          fields: matchable.fields,
          threshold: params.threshold,
          notDuplicates,
          ...(params.country !== undefined && { country: params.country }),
        })
      : { pairs: [] }
  const runId = context.cause?.replace(/^run:/, '') ?? ''
  const progress = { context, checkpoint, total: pairs.length }
  await keepPairs(progress, params.object, runId, pairs)
  const outdated = await retireOthers(context, params.object, runId, checkpoint)
  const merged = params.mergeVerified
    ? await mergeVerified(progress, params.object, matchable, kinds.mergeKinds, pairs)
    : 0
  return { records: records.length, pairs: pairs.length, outdated, merged }
}

interface Progress {
  readonly context: SessionContext
  readonly checkpoint: Checkpoint
  readonly total: number
}

async function readRecords(
  context: SessionContext,
  object: string,
  { paths, read }: Matchable,
  checkpoint: Checkpoint,
): Promise<MatchableRecord[]> {
  const records: MatchableRecord[] = []
  for (let after: readonly [string] | undefined; ; ) {
    const page = await context.storage.find({
      entity: object,
      where: { op: 'isNull', path: 'deletedAt' },
      order: ['id'],
      limit: pageSize,
      fields: paths,
      signal: checkpoint.signal,
      ...(after && { after }),
    })
    for (const row of page.rows) records.push({ ...read(row), id: row.id })
    const last = page.rows.at(-1)
    if (page.done || !last) return records
    after = [last.id]
    await checkpoint.save({ cursor: {}, done: 0, counts: { recordsRead: records.length } })
  }
}

/** Writes the pairs that were found: new ones open, open ones with what is known of them now. */
async function keepPairs(
  { context, checkpoint, total }: Progress,
  object: string,
  runId: string,
  pairs: readonly MatchedPair[],
): Promise<void> {
  for (let start = 0; start < pairs.length; start += pairsPerBatch) {
    const batch = pairs.slice(start, start + pairsPerBatch)
    await retryOnConflict(async () => {
      const ids = batch.map(({ a, b }) => duplicateId(object, String(a), String(b)))
      const known = await context.storage.getMany('duplicate', ids)
      const changes = batch.flatMap((pair, index): EntityChange[] => {
        const before = known[index]
        if (before?.status === 'dismissed') return []
        const id = ids[index] as string
        const [leftId, rightId] = orderedPair(String(pair.a), String(pair.b))
        const { probability, reasons } = pair
        const set = { probability, reasons, foundAt: instantOf(context.clock.now()), runId }
        const values = { object, leftId, rightId, status: 'open' }
        return [
          ...(before
            ? before.status === 'open'
              ? []
              : [planStatus(before, 'open')]
            : [{ kind: 'create', entity: 'duplicate', id, values, implied: true } as const]),
          { kind: 'derive', entity: 'duplicate', id, set },
        ]
      })
      if (changes.length > 0) await commit(context, changes)
    })
    await checkpoint.save({ cursor: {}, done: Math.min(start + pairsPerBatch, total), total })
  }
}

/** Closes open pairs that this scan did not find: the records were changed, merged or deleted. */
async function retireOthers(
  context: SessionContext,
  object: string,
  runId: string,
  checkpoint: Checkpoint,
): Promise<number> {
  for (let retired = 0; ; ) {
    const batch = await retryOnConflict(async () => {
      const page = await context.storage.find({
        entity: 'duplicate',
        where: allOf(pairsWith(object, 'open'), { op: 'ne', path: 'runId', value: runId }),
        order: ['id'],
        limit: pairsPerBatch,
      })
      if (page.rows.length > 0)
        await commit(
          context,
          page.rows.map((row) => planStatus(row, 'outdated')),
        )
      return page.rows.length
    })
    if (batch === 0) return retired
    retired += batch
    await checkpoint.save({ cursor: {}, done: 0, counts: { outdated: retired } })
  }
}

async function mergeVerified(
  { context, checkpoint, total }: Progress,
  object: string,
  matchable: Matchable,
  kinds: MergeKinds,
  pairs: readonly MatchedPair[],
): Promise<number> {
  let merged = 0
  for (const [index, { a, b }] of pairs.entries()) {
    if (await mergeVerifiedPair(context, { object, matchable, kinds }, [String(a), String(b)])) merged++
    if (index % 100 === 99) await checkpoint.save({ cursor: {}, done: index + 1, total, counts: { merged } })
  }
  return merged
}
