import type { Path } from '../../storage/row.js'
import { sameValue } from '../canonical-json.js'
import { changesSomething, type EntityChange } from '../entity-change.js'
import type { ComputedFields } from './computed-fields.js'
import { isComputed } from './custom-field.js'
import type { CustomFields } from './custom-field-catalogue.js'
import { evaluateFormula } from './evaluate-formula.js'
import { customOf, storedValue } from './record-value.js'

type Values = Readonly<Record<Path, unknown>>

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

/** A change of a record. */
export type RecordChange = Extract<EntityChange, { kind: 'create' | 'update' | 'delete' | 'restore' }>

/**
 * A change with the computed values of its record kept out of what people set, the record as it will stand (`undefined` when it
 * will not be live), and all its custom values where they differ from those.
 */
export function withComputed(
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

/** A row, unless it is deleted. */
export function liveOf(row: Values): Values | undefined {
  return row.deletedAt === undefined || row.deletedAt === null ? row : undefined
}
