import { invalidField, isCrmError } from '../../kernel/crm-error.js'
import type { Path, Row } from '../../storage/row.js'
import { sameValue } from '../canonical-json.js'
import { changedId, changesSomething, type EntityChange } from '../entity-change.js'
import { mergedError } from '../record-alias.js'
import type { SessionContext } from '../session-context.js'
import { type ComputedFields, computedFieldsOf } from './computed-fields.js'
import { type CustomField, isComputed } from './custom-field.js'
import type { CustomFields, TenantFields } from './custom-field-catalogue.js'
import { planUniqueValues, type UniqueValue, uniqueValueId, valueTaken } from './custom-unique-value.js'
import { evaluateFormula } from './evaluate-formula.js'
import { planPendingRollUps, staleName } from './pending-roll-up.js'
import { customOf, storedValue } from './record-value.js'

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
    if (derived) changes.push({ kind: 'derive', entity: object, id: changedId(change), set: { custom: derived } })
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

/** Values of a record with its formulas computed. */
export function withFormulas(values: Values, object: string, computed: ComputedFields): Record<string, unknown> {
  const custom: Record<string, unknown> = { ...customOf(values) }
  const row = { ...values, custom }
  for (const { key, formula } of computed.formulas.get(object) ?? []) {
    const value = evaluateFormula(formula, (path) => storedValue(row, path))
    if (value === undefined) delete custom[key]
    else custom[key] = value
  }
  return custom
}

type RecordChange = Extract<EntityChange, { kind: 'create' | 'update' | 'delete' | 'restore' }>

function withComputed(
  change: RecordChange,
  fields: CustomFields | undefined,
  computed: ComputedFields,
  at: string,
): { readonly change: RecordChange; readonly after: Values | undefined; readonly derived?: Values | null } {
  if (!('values' in change)) return { change, after: change.kind === 'delete' ? undefined : change.before }
  const before = change.kind === 'create' ? { id: change.id, createdAt: at } : change.before
  const planned: Values = { ...before, ...change.values }
  const isIdle = change.kind === 'update' && !changesSomething([change])
  if (isIdle || !fields || ![...fields.values()].some(isComputed)) return { change, after: liveOf(planned) }
  const set = 'custom' in change.values ? settable(fields, customOf(change.values)) : undefined
  const held = change.kind === 'create' ? emptyRollUps(change.entity, computed) : computedPart(fields, customOf(before))
  const own = set
    ? { ...set, ...(change.kind === 'update' && change.erases ? {} : held) }
    : { ...held, ...customOf(before) }
  const custom = withFormulas({ ...planned, custom: own }, change.entity, computed)
  const after = liveOf({ ...planned, custom })
  // What the journal compares must differ only in what was set.
  const shown = change.kind === 'create' ? set : own
  const kept: RecordChange = set
    ? ({ ...change, values: { ...change.values, custom: shown && filled(shown) } } as RecordChange)
    : change
  const standing = kept.kind === 'update' && set === undefined ? customOf(before) : (shown ?? {})
  return { change: kept, after, ...(sameValue(standing, custom) ? {} : { derived: filled(custom) }) }
}

function filled(custom: Values): Values | null {
  return Object.keys(custom).length > 0 ? custom : null
}

function settable(fields: CustomFields, custom: Values): Record<string, unknown> {
  return Object.fromEntries(Object.entries(custom).filter(([key]) => !isComputedKey(fields, key)))
}

function computedPart(fields: CustomFields, custom: Values): Record<string, unknown> {
  return Object.fromEntries(Object.entries(custom).filter(([key]) => isComputedKey(fields, key)))
}

function isComputedKey(fields: CustomFields, key: string): boolean {
  const field = fields.get(key)
  return field !== undefined && isComputed(field)
}

/** What roll-ups are over no record: nobody refers to a record that is new. */
function emptyRollUps(object: string, computed: ComputedFields): Record<string, unknown> {
  const empty = (computed.rollUps.get(object) ?? []).filter(
    ({ rollUp: { fn }, valueType }) => fn === 'count' || (fn === 'sum' && valueType === 'number'),
  )
  return Object.fromEntries(empty.map(({ key }) => [key, 0]))
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
    const isUnique = [...(fields.byObject.get(change.entity)?.values() ?? [])].some(({ unique }) => unique)
    if (isUnique || computed.feeds.has(change.entity))
      ids.set(change.entity, [...(ids.get(change.entity) ?? []), change.id])
  }
  const rows = new Map<string, Row>()
  for (const [entity, wanted] of ids)
    for (const row of await context.storage.getMany(entity, wanted)) if (row) rows.set(staleName(entity, row.id), row)
  return rows
}

function liveOf(row: Values): Values | undefined {
  return row.deletedAt === undefined || row.deletedAt === null ? row : undefined
}

async function uniqueChanges(context: SessionContext, turns: readonly Turn[], fields: TenantFields) {
  const given: UniqueValue[] = []
  const taken: UniqueValue[] = []
  for (const { object, id: recordId, before, after } of turns) {
    for (const { key, unique } of fields.byObject.get(object)?.values() ?? []) {
      if (!unique) continue
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

/** Checks that new references lead to records that are there and not deleted. Throws `validation_failed` naming the field. */
async function referenceChecks(
  context: SessionContext,
  changes: readonly EntityChange[],
  fields: TenantFields,
): Promise<EntityChange[]> {
  const found: { readonly field: CustomField; readonly target: string; readonly id: string }[] = []
  for (const change of changes) {
    if ((change.kind !== 'create' && change.kind !== 'update') || change.implied) continue
    const old = change.kind === 'create' ? {} : change.before
    for (const field of fields.byObject.get(change.entity)?.values() ?? []) {
      if (field.type !== 'reference' || field.target === undefined || change.values.custom === undefined) continue
      const id = storedValue(change.values, `custom.${field.key}`)
      if (typeof id === 'string' && id !== storedValue(old, `custom.${field.key}`))
        found.push({ field, target: field.target, id })
    }
  }
  const checks = found.map(
    ({ field, target, id }): EntityChange => ({
      kind: 'require',
      entity: target,
      id,
      is: 'present',
      namedBy: `custom.${field.key}`,
    }),
  )
  const made = new Set(
    changes.flatMap((change) => (change.kind === 'create' ? [staleName(change.entity, change.id)] : [])),
  )
  for (const target of new Set(found.map((each) => each.target))) {
    const asked = found.filter((each) => each.target === target && !made.has(staleName(target, each.id)))
    const rows = await context.storage.getMany(
      target,
      asked.map(({ id }) => id),
    )
    const deleted = asked.find((_, index) => rows[index]?.deletedAt !== undefined)
    if (!deleted) continue
    const field = `custom.${deleted.field.key}`
    throw (
      (await mergedError(context, checks)) ?? invalidField(field, `must be the id of a ${target} that is not deleted`)
    )
  }
  return checks
}
