import * as z from 'zod/mini'
import { commit } from '../../entity/commit.js'
import type { Entity } from '../../entity/entity.js'
import { changesSomething, type EntityChange } from '../../entity/entity-change.js'
import { check } from '../../entity/input.js'
import { readMany, readOne } from '../../entity/record-reader.js'
import { retryOnConflict } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { type CrmError, isCrmError, validationError } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'
import { type ExternalRef, externalRefSchema } from './external-ref.js'
import { resolveExternalRefs } from './external-ref-entity.js'

/** Outcome of one item of a bulk call. */
export type ItemReport =
  | { readonly outcome: 'created' | 'updated' | 'unchanged'; readonly id: string }
  | { readonly outcome: 'failed'; readonly error: CrmError }

/** How an entity is created or changed by its id in another system. */
export interface UpsertRules<Input> {
  readonly entity: Entity
  planNew(input: Input): Promise<{ readonly id: string; readonly changes: readonly EntityChange[] }>
  planChange(before: Row, input: Input): Promise<readonly EntityChange[]>
  /** What is left to do once a change was committed by itself. */
  afterChange?(changes: readonly EntityChange[]): Promise<void>
  /** Whether a change is committed by itself, because what follows from two of them in one batch would not add up. */
  readonly changesAlone?: boolean
}

type WithRef = { readonly externalRef?: ExternalRef }

const attempts = 3
const mostItems = 1_000
const refSchema = z.object({ externalRef: z.optional(externalRefSchema) })

/**
 * Creates the record with the input's ref, or changes what differs. When somebody else creates the same ref in between, the next
 * round finds it. Running it twice changes nothing.
 */
export async function upsertByRef<Input extends WithRef>(
  context: SessionContext,
  rules: UpsertRules<Input>,
  input: Input,
): Promise<Extract<ItemReport, { id: string }>> {
  const ref = refOf(rules.entity, input)
  let found: string | undefined
  for (let attempt = 1; ; attempt++) {
    try {
      return await retryOnConflict(async () => {
        const [known] = ref ? await resolveExternalRefs(context, rules.entity.name, [ref]) : []
        found = known
        if (known === undefined) {
          const plan = await rules.planNew(input)
          await commit(context, plan.changes)
          return { outcome: 'created', id: plan.id }
        }
        const changes = await rules.planChange(await readOne(context, rules.entity, known), input)
        await commit(context, changes)
        await rules.afterChange?.(changes)
        return { outcome: changesSomething(changes) ? 'updated' : 'unchanged', id: known }
      })
    } catch (error) {
      if (!isCrmError(error, 'conflict') || !ref || attempt === attempts) throw error
      const [known] = await resolveExternalRefs(context, rules.entity.name, [ref])
      if (known === undefined || known === found) throw error
      found = known
    }
  }
}

/**
 * Upserts up to 1,000 records and reports on each. All go into one batch; input that is wrong fails alone, and when the batch fails
 * as a whole its items are tried one by one, so that only the culprit fails. Ids that were merged are told for all items at once, as
 * an error with `leadsTo`.
 */
export async function upsertManyByRef<Input extends WithRef>(
  context: SessionContext,
  rules: UpsertRules<Input>,
  inputs: readonly Input[],
): Promise<ItemReport[]> {
  if (!Array.isArray(inputs) || inputs.length > mostItems) {
    throw validationError([{ path: 'inputs', message: `must be a list of at most ${mostItems}; split it` }])
  }
  const known = await readKnown(context, rules.entity, inputs)
  const reports: ItemReport[] = []
  const changes: EntityChange[] = []
  const together: number[] = []
  const seen = new Set<string>()
  const changed = new Set<string>()
  for (const [index, input] of inputs.entries()) {
    try {
      const ref = refOf(rules.entity, input)
      const key = ref && keyOf(ref)
      if (key !== undefined && seen.has(key)) {
        throw validationError([{ path: 'externalRef', message: 'appears twice in the list; keep one' }])
      }
      if (key !== undefined) seen.add(key)
      const before = key === undefined ? undefined : known.get(key)
      if (before && changed.has(before.id)) {
        throw validationError([
          { path: 'externalRef', message: 'names a record that another item of the list changes; send it by itself' },
        ])
      }
      if (!before) {
        const plan = await rules.planNew(input)
        changes.push(...plan.changes)
        reports[index] = { outcome: 'created', id: plan.id }
      } else {
        const plan = await rules.planChange(before, input)
        const outcome = changesSomething(plan) ? 'updated' : 'unchanged'
        if (outcome === 'updated' && rules.changesAlone) reports[index] = await upsertByRef(context, rules, input)
        else reports[index] = { outcome, id: before.id }
        if (outcome === 'unchanged' || rules.changesAlone) continue
        changed.add(before.id)
        changes.push(...plan)
      }
      together.push(index)
    } catch (error) {
      reports[index] = failure(error)
    }
  }
  try {
    await commit(context, changes)
  } catch (error) {
    if (!isCrmError(error) || !concernsOneItem.has(error.code) || error.details.leadsTo) throw error
    for (const index of together) {
      reports[index] = await upsertByRef(context, rules, inputs[index] as Input).catch(failure)
    }
  }
  return reports
}

const concernsOneItem: ReadonlySet<string> = new Set([
  'conflict',
  'not_found',
  'access_denied',
  'validation_failed',
  'rule_violated',
])

/** Keeps what is wrong with an item; what is wrong with everything (no connection, say) goes up. */
function failure(error: unknown): ItemReport {
  if (!isCrmError(error) || error.code === 'storage_failed' || error.code === 'aborted') throw error
  return { outcome: 'failed', error }
}

function refOf(entity: Entity, input: WithRef): ExternalRef | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw validationError([{ path: '', message: 'must be an object' }], { entity: entity.name })
  return check(entity, refSchema, { externalRef: input?.externalRef }).externalRef
}

function keyOf(ref: ExternalRef): string {
  return JSON.stringify([ref.system, ref.externalId])
}

async function readKnown(
  context: SessionContext,
  entity: Entity,
  inputs: readonly WithRef[],
): Promise<Map<string, Row>> {
  const refs = inputs.flatMap((input) => {
    const ref = input?.externalRef
    return typeof ref?.system === 'string' && typeof ref.externalId === 'string' ? [ref] : []
  })
  const ids = await resolveExternalRefs(context, entity.name, refs)
  const found = [...new Set(ids.filter((id) => id !== undefined))]
  const rows = found.length === 0 ? [] : await readMany(context, entity, found)
  const byId = new Map(rows.flatMap((row) => (row ? [[row.id, row] as const] : [])))
  return new Map(
    refs.flatMap((ref, index) => {
      const row = byId.get(ids[index] ?? '')
      return row ? [[keyOf(ref), row] as const] : []
    }),
  )
}
