import * as z from 'zod/mini'
import { levelFor } from '../../access/access-context.js'
import { accessDenied, requireRight } from '../../entity/commit-rights.js'
import { oneOf, text } from '../../entity/field.js'
import { check } from '../../entity/input.js'
import { findRecords, readMany, readOne } from '../../entity/record-reader.js'
import { committed, retryOnConflict } from '../../entity/record-service.js'
import type { Run } from '../../entity/run-entity.js'
import type { RunEngine } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Page } from '../../kernel/page.js'
import { type Duplicate, duplicateEntity, duplicateStatuses } from './duplicate-entity.js'
import type { MatchKinds } from './matching-engine.js'

/** How duplicates are looked for. */
export interface ScanOptions {
  /** Kind of records to compare. */
  readonly object: 'contact' | 'company'
  /** Least probability of a pair, above 0 and below 1; 0.95 when left out. */
  readonly threshold?: number
  /** Country of telephone numbers without one, ISO 3166. */
  readonly country?: string
  /** Merges at once what a verified identifier proves to be the same; needs all rights to the records. Never when left out. */
  readonly mergeVerified?: boolean
}

/** Which duplicates to list. */
export interface FindDuplicates {
  /** `open` when left out. */
  readonly status?: Duplicate['status']
  readonly object?: 'contact' | 'company'
  readonly limit?: number
  readonly cursor?: string
}

/** Records that may be the same: found by scans, decided by people. */
export interface DuplicateService {
  /** Starts comparing all records of a kind. Repeating it keeps the ids of pairs and what was decided. */
  scan(options: ScanOptions): Promise<Run>
  /**
   * Pairs with their probability and reasons, the likeliest first; only those of which both records are there and may be read, so a
   * page may hold fewer than `limit`.
   */
  find(options?: FindDuplicates): Promise<Page<Duplicate>>
  /** Says that the two are not the same: they are never proposed again. */
  dismiss(id: string): Promise<Duplicate>
}

const scanSchema = z.strictObject({
  object: oneOf(['contact', 'company']),
  threshold: z._default(
    z.number().check(z.refine((value) => value > 0 && value < 1, { error: 'must lie between 0 and 1, both left out' })),
    0.95,
  ),
  country: z.optional(text({ pattern: /^[A-Z]{2}$/, expected: 'must be an ISO 3166 code such as CN' })),
  mergeVerified: z._default(z.boolean(), false),
})

const findSchema = z.strictObject({
  status: z._default(oneOf(duplicateStatuses), 'open'),
  object: z.optional(oneOf(['contact', 'company'])),
  limit: z.optional(z.number()),
  cursor: z.optional(z.string()),
})

/** Duplicates of a session. */
export function createDuplicateService(
  context: SessionContext,
  runs: RunEngine,
  matchKinds: MatchKinds,
): DuplicateService {
  return {
    async scan(options) {
      await requireRight(context, duplicateEntity, 'create')
      const params = check(duplicateEntity, scanSchema, options)
      if (!matchKinds[params.object]) throw new TypeError(`Records of kind ${params.object} cannot be matched`)
      if (params.mergeVerified) await requireAll(context, params.object)
      return runs.start(context, 'duplicates.scan', params)
    },
    async find(options = {}) {
      const { status, object, limit, cursor } = check(duplicateEntity, findSchema, options)
      const page = await findRecords<Duplicate>(context, duplicateEntity, {
        where: { status, ...(object !== undefined && { object }) },
        orderBy: ['-probability'],
        ...(limit !== undefined && { limit }),
        ...(cursor !== undefined && { cursor }),
      })
      // What was merged is shown for what it was; the merged record itself is gone.
      const items = status === 'merged' ? page.items : await withBothRecords(context, page.items)
      return { ...page, items }
    },
    dismiss: (id) =>
      retryOnConflict(async () => {
        const before = await readOne(context, duplicateEntity, id)
        const values = { status: 'dismissed' }
        return committed(context, duplicateEntity, id, [{ kind: 'update', entity: 'duplicate', before, values }])
      }),
  }
}

/** Only an actor who may edit and delete all records may have them merged without looking. */
async function requireAll(context: SessionContext, object: string): Promise<void> {
  const access = await context.access()
  for (const action of ['update', 'delete'] as const) {
    const level = levelFor(access, object, action)
    if (level !== 'yes' && level !== 'all') throw accessDenied(object, action)
  }
}

/** The pairs of which the actor may see both records. One read for each kind. */
async function withBothRecords(context: SessionContext, pairs: readonly Duplicate[]): Promise<Duplicate[]> {
  const shown = new Set<string>()
  for (const [object, own] of Map.groupBy(pairs, (pair) => pair.object)) {
    const ids = [...new Set(own.flatMap(({ leftId, rightId }) => [leftId, rightId]))]
    for (let start = 0; start < ids.length; start += 1_000) {
      for (const row of await readMany(context, context.registry.get(object), ids.slice(start, start + 1_000)))
        if (row) shown.add(`${object}/${row.id}`)
    }
  }
  const isShown = (object: string, id: string): boolean => shown.has(`${object}/${id}`)
  return pairs.filter(({ object, leftId, rightId }) => isShown(object, leftId) && isShown(object, rightId))
}
