import { CrmError, invalidField } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'
import { commit } from '../commit.js'
import type { EntityChange } from '../entity-change.js'
import type { UpdateOptions } from '../field-merge.js'
import { toRecord } from '../record.js'
import { maskFor, readOne } from '../record-reader.js'
import {
  createRecordReading,
  type NewOf,
  type PatchOf,
  planCreate,
  planUpdate,
  type RecordService,
  retryOnConflict,
} from '../record-service.js'
import type { Run } from '../run-entity.js'
import type { RunEngine } from '../run-service.js'
import type { SessionContext } from '../session-context.js'
import { inputsOf, nameOf, rollUpPaths } from './computed-fields.js'
import { type CustomField, customFieldEntity, isComputed } from './custom-field.js'
import type { TenantFields } from './custom-field-catalogue.js'
import { checkDefinition, refuseInUse, refuseTooMany } from './field-definition.js'
import type { RollUp } from './roll-up.js'
import { computeRollUp } from './roll-up-values.js'

/** A field to register. */
export type NewCustomField = NewOf<typeof customFieldEntity>

/** A change of a field. */
export type CustomFieldPatch = PatchOf<typeof customFieldEntity>

/** Fields a tenant adds to its entities. */
export interface CustomFieldService
  extends Omit<RecordService<CustomField, NewCustomField, CustomFieldPatch>, 'create'> {
  /**
   * Values can be written from now on; another process knows of it after at most half a minute. A `formula` or `rollUp` is computed
   * for the records that are there by the run `recomputeRunId`.
   *
   * Throws `validation_failed` naming what is wrong, `rule_violated` (reason `circular` or `limit`), or `conflict` when the key is
   * taken, also by a field that was deleted: restore that one.
   */
  register(input: NewCustomField): Promise<CustomField>
  /**
   * Labels can be changed at will. The key, the type and `unique` stay, and options are archived, not removed. Throws `rule_violated`
   * (reason `type`, `option` or `circular`).
   */
  update(id: string, patch: CustomFieldPatch, options?: UpdateOptions): Promise<CustomField>
  /** Hides the field and its values, which `restore` brings back. Throws `rule_violated` (reason `in_use`) naming what is computed from it. */
  delete(id: string, options?: { readonly ifVersion?: number }): Promise<void>
  /** Computes all formulas and roll-ups of an entity anew. */
  recompute(object: string): Promise<Run>
}

/** Custom fields of a session. */
export function createCustomFieldService(context: SessionContext, runs: Pick<RunEngine, 'start'>): CustomFieldService {
  const reading = createRecordReading(context, customFieldEntity)
  const { all, forget } = context.customFields
  const currentFields = (): Promise<TenantFields> => {
    forget(context.tenantId)
    return all(context.storage, context.tenantId)
  }
  const shown = async (row: Row): Promise<CustomField> =>
    toRecord<CustomField>(customFieldEntity, row, await maskFor(context, customFieldEntity))

  /** Throws what computing a roll-up would throw, `unsupported` say, before it is kept. */
  const tryRollUp = async ({ object, key, type }: CustomField, rollUp: RollUp | undefined): Promise<void> => {
    if (type !== 'rollUp' || !rollUp) return
    await computeRollUp(context, { object, key, rollUp, valueType: undefined, paths: rollUpPaths(rollUp) }, ['-'])
  }

  /** Commits, and starts to compute what the records have to be given. */
  const committed = async (
    changes: readonly EntityChange[],
    id: string,
    recomputes: (row: Row) => boolean,
  ): Promise<CustomField> => {
    let row: Row
    try {
      row = (await commit(context, changes)).row('customField', id)
    } finally {
      forget(context.tenantId)
    }
    if (!recomputes(row)) return shown(row)
    const run = await recompute(row.object as string)
    await commit(context, [{ kind: 'derive', entity: 'customField', id, set: { recomputeRunId: run.id } }])
    return shown({ ...row, recomputeRunId: run.id })
  }

  const recompute = (object: string): Promise<Run> => {
    requireObject(context, object)
    return runs.start(context, 'customFields.recompute', { object })
  }

  return {
    ...reading,
    recompute: async (object) => recompute(object),
    async register(input) {
      requireObject(context, input?.object)
      const { id, values, change } = await planCreate(context, customFieldEntity, input)
      const field = { ...values, id } as unknown as CustomField
      const fields = await currentFields()
      refuseTooMany(fields.byObject.get(field.object) ?? new Map(), field)
      if (fields.removed.get(field.object)?.has(field.key)) throw keyOfDeleted()
      const { values: fixed, valueType } = checkDefinition(context.registry, fields, field)
      await tryRollUp(field, fixed.rollUp)
      const changes: EntityChange[] = [{ ...change, values: { ...values, ...fixed } }]
      if (valueType) changes.push({ kind: 'derive', entity: 'customField', id, set: { valueType } })
      return committed(changes, id, () => isComputed(field))
    },
    update: (id, patch, options) =>
      retryOnConflict(async () => {
        const before = await readOne(context, customFieldEntity, id)
        refuseOtherType(before, patch)
        const change = await planUpdate(context, customFieldEntity, before, patch, options)
        const fields = await currentFields()
        const after = withoutNull({ ...before, ...change.values }) as unknown as CustomField
        refuseLostOptions(before as unknown as CustomField, after)
        const { values: fixed, valueType } = checkDefinition(context.registry, fields, after)
        await tryRollUp(after, fixed.rollUp)
        const changes: EntityChange[] = [{ ...change, values: { ...change.values, ...fixed } }]
        if (valueType && valueType !== before.valueType) {
          changes.push({ kind: 'derive', entity: 'customField', id, set: { valueType } })
          recheckOthers(fields, { ...after, valueType }, (all, other) => checkDefinition(context.registry, all, other))
        }
        if (after.personal && before.personal !== true) changes.push(...planPersonal(fields, after))
        const isNew = 'formula' in change.values || 'rollUp' in change.values
        return committed(changes, id, () => isNew)
      }),
    delete: (id, options = {}) =>
      retryOnConflict(async () => {
        const before = await readOne(context, customFieldEntity, id)
        if (options.ifVersion !== undefined && options.ifVersion !== before.version)
          throw new CrmError('conflict', 'The field was changed by somebody else', {
            entity: 'customField',
            id,
            reason: 'version',
            actualVersion: before.version,
            remedy: 'read the field again and repeat the change',
          })
        refuseInUse(await currentFields(), before as unknown as CustomField)
        await committed([{ kind: 'delete', entity: 'customField', before }], id, () => false)
      }),
    async restore(id) {
      const before = await readOne(context, customFieldEntity, id, { includeDeleted: true })
      if (before.deletedAt === undefined) return shown(before)
      const fields = await currentFields()
      const field = before as unknown as CustomField
      refuseTooMany(fields.byObject.get(field.object) ?? new Map(), field)
      checkDefinition(context.registry, fields, field)
      return committed([{ kind: 'restore', entity: 'customField', before }], id, () => isComputed(field))
    },
  }
}

function requireObject({ registry }: SessionContext, object: unknown): void {
  if (typeof object === 'string' && (!registry.has(object) || registry.get(object).kind !== 'record'))
    throw invalidField('object', 'must name an entity such as contact')
}

function keyOfDeleted(): CrmError {
  return new CrmError('conflict', 'key: a deleted field has the same key, and records still hold its values', {
    entity: 'customField',
    field: 'key',
    reason: 'deleted',
    remedy: 'restore the deleted field, or choose another key',
  })
}

function refuseOtherType(before: Row, patch: CustomFieldPatch): void {
  const type = patch?.type
  if (type === undefined || type === before.type) return
  throw new CrmError('rule_violated', 'type: a field keeps its type, since records hold values of it', {
    entity: 'customField',
    id: before.id,
    field: 'type',
    reason: 'type',
    remedy: 'register a field of the other type, copy the values to it, and delete this one',
  })
}

/** Records may hold an option for ever. */
function refuseLostOptions(before: CustomField, after: CustomField): void {
  const lost = (before.options ?? []).some((option) => !(after.options ?? []).includes(option))
  if (!lost) return
  throw new CrmError('rule_violated', 'options: an option that records may hold cannot be removed', {
    entity: 'customField',
    id: before.id,
    field: 'options',
    reason: 'option',
    remedy: 'keep the option and name it in archivedOptions',
  })
}

/** What is computed from a field that became personal says as much about the person. */
function planPersonal(fields: TenantFields, changed: CustomField): EntityChange[] {
  const all = [...fields.byObject.values()].flatMap((own) => [...own.values()])
  const personal = new Set([nameOf(changed)])
  for (let size = 0; size < personal.size; ) {
    size = personal.size
    for (const field of all) if (inputsOf(field).some((name) => personal.has(name))) personal.add(nameOf(field))
  }
  const followers = all.filter((field) => !field.personal && field.id !== changed.id && personal.has(nameOf(field)))
  return followers.map((field) => ({
    kind: 'update',
    entity: 'customField',
    before: field as unknown as Row,
    values: { personal: true },
    implied: true,
  }))
}

/** What is computed from a field must still be well typed when the type of its values changes. */
function recheckOthers(
  fields: TenantFields,
  changed: CustomField,
  recheck: (fields: TenantFields, other: CustomField) => unknown,
): void {
  const own = new Map(fields.byObject.get(changed.object)).set(changed.key, changed)
  const all: TenantFields = { ...fields, byObject: new Map(fields.byObject).set(changed.object, own) }
  for (const each of all.byObject.values())
    for (const other of each.values()) if (isComputed(other) && other !== changed) recheck(all, other)
}

function withoutNull(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}
