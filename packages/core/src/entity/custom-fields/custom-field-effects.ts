import { isCrmError } from '../../kernel/crm-error.js'
import type { Path, Row } from '../../storage/row.js'
import { sameValue } from '../canonical-json.js'
import { changedId, type EntityChange } from '../entity-change.js'
import type { SessionContext } from '../session-context.js'
import { type ComputedFields, computedFieldsOf } from './computed-fields.js'
import { liveOf, withComputed } from './computed-record.js'
import type { TenantFields } from './custom-field-catalogue.js'
import { planUniqueValues, type UniqueValue, uniqueValueId, valueTaken } from './custom-unique-value.js'
import { planPendingRollUps, staleName } from './pending-roll-up.js'
import { storedValue } from './record-value.js'
import { referenceChecks } from './reference-checks.js'

type Values = Readonly<Record<Path, unknown>>

/** A plan with what follows from the tenant's custom fields. */
export interface CustomFieldEffects {
  readonly changes: readonly EntityChange[]
  /** Records whose roll-ups are to be settled after the batch. */
  readonly stale: readonly string[]
  /** Turns what the storage says of these changes into words of the domain. */
  explain(error: unknown): unknown
}

/** A record before and after a change; `undefined` where it is not live. */
interface Turn {
  readonly object: string
  readonly id: string
  readonly before: Values | undefined
  readonly after: Values | undefined
}

/**
 * Adds to a plan what follows from custom fields: formulas of the changed records, claims to unique values, checks that referenced
 * records are there, and notes of the records whose roll-ups the plan changes.
 *
 * Formulas are computed from the record as the batch leaves it. Their values are derived: no version and no journal.
 */
export async function planCustomFieldEffects(
  context: SessionContext,
  given: readonly EntityChange[],
  fields: TenantFields,
  at: string,
): Promise<CustomFieldEffects> {
  const computed = computedFieldsOf(fields)
  const removed = await removedRows(context, given, fields, computed)
  const stale = new Set<string>()
  const changes: EntityChange[] = []
  const turns: Turn[] = []
  for (const change of given) {
    const object = change.entity
    if (change.kind === 'unproject') {
      const row = removed.get(staleName(object, change.id))
      if (row) turns.push({ object, id: change.id, before: liveOf(row), after: undefined })
    }
    if (change.kind !== 'create' && !('before' in change)) {
      changes.push(change)
      continue
    }
    const own = fields.byObject.get(object)
    const { change: kept, after, derived } = withComputed(change, own, computed, at)
    changes.push(kept)
    if (derived !== undefined)
      changes.push({ kind: 'derive', entity: object, id: changedId(change), set: { custom: derived } })
    const before = change.kind === 'create' ? undefined : liveOf(change.before)
    turns.push({ object, id: changedId(change), before, after })
    // Its roll-ups are written along with the rest, perhaps over newer ones.
    const writesCustom = derived !== undefined || (kept.kind === 'update' && kept.values.custom !== undefined)
    if (change.kind !== 'create' && writesCustom && computed.rollUps.has(object))
      stale.add(staleName(object, change.before.id))
  }
  for (const turn of turns) for (const record of staleParents(turn, computed)) stale.add(record)
  const [unique, references] = await Promise.all([
    uniqueChanges(context, turns, fields),
    referenceChecks(context, given, fields),
  ])
  return {
    changes: [...changes, ...unique.changes, ...references, ...planPendingRollUps(context, stale)],
    stale: [...stale],
    explain: (error) => unique.explain(error),
  }
}

/** The records whose roll-ups a change of a referring record alters. */
function staleParents({ object, before, after }: Turn, computed: ComputedFields): string[] {
  return (computed.feeds.get(object) ?? []).flatMap(({ object: parent, rollUp: { by }, paths }) => {
    const isSame =
      before !== undefined &&
      after !== undefined &&
      [...paths].every((path) => sameValue(storedValue(before, path), storedValue(after, path)))
    if (isSame) return []
    const ids = [before, after].map((row) => row && storedValue(row, by))
    return ids.filter((id) => typeof id === 'string').map((id) => staleName(parent, id))
  })
}

/** Rows that a plan removes for good, where custom fields need to know what they held. */
async function removedRows(
  context: SessionContext,
  changes: readonly EntityChange[],
  fields: TenantFields,
  computed: ComputedFields,
): Promise<Map<string, Row>> {
  const ids = new Map<string, string[]>()
  for (const change of changes) {
    if (change.kind !== 'unproject' || context.registry.get(change.entity).kind !== 'record') continue
    if (fields.unique.has(change.entity) || computed.feeds.has(change.entity))
      ids.set(change.entity, [...(ids.get(change.entity) ?? []), change.id])
  }
  const rows = new Map<string, Row>()
  for (const [entity, wanted] of ids)
    for (const row of await context.storage.getMany(entity, wanted)) if (row) rows.set(staleName(entity, row.id), row)
  return rows
}

async function uniqueChanges(context: SessionContext, turns: readonly Turn[], fields: TenantFields) {
  const given: UniqueValue[] = []
  const taken: UniqueValue[] = []
  for (const { object, id: recordId, before, after } of turns) {
    for (const key of fields.unique.get(object) ?? []) {
      const [old, fresh] = [before, after].map((row) => row && storedValue(row, `custom.${key}`))
      if (sameValue(old, fresh)) continue
      if (old !== undefined) given.push({ object, key, value: old, recordId })
      if (fresh !== undefined) taken.push({ object, key, value: fresh, recordId })
    }
  }
  const changes = given.length + taken.length > 0 ? await planUniqueValues(context, given, taken) : []
  const explain = (error: unknown): unknown => {
    if (!isCrmError(error, 'conflict') || error.details.entity !== 'customUniqueValue') return error
    const value = taken.find((each) => uniqueValueId(each) === error.details.id)
    return value ? valueTaken(value, error) : error
  }
  return { changes, explain }
}
