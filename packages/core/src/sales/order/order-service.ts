import {
  type ExternalRef,
  externalRefSchema,
  type ItemReport,
  planExternalRefRemoval,
  planExternalRefs,
  resolveExternalRefs,
  retryOnTakenRef,
} from '../../customers/index.js'
import { planTimelineRemoval } from '../../engagement/index.js'
import { sameValue } from '../../entity/canonical-json.js'
import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import { check } from '../../entity/input.js'
import { readMany } from '../../entity/record-reader.js'
import {
  committed,
  createRecordReading,
  createRecordRemoval,
  type RecordReading,
  type RecordRemoval,
  retryOnConflict,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { isCrmError, validationError } from '../../kernel/crm-error.js'
import { type NewOrder, type Order, type OrderPatch, orderEntity } from './order-entity.js'
import { orderSubjects, planOrderCreate, planOrderUpdate, planRollUp } from './order-plan.js'

/** Purchases. */
export interface OrderService extends RecordReading<Order>, RecordRemoval<Order> {
  /** Records a purchase. With an `externalRef`, recording it again changes what differs, or nothing. */
  record(input: NewOrder): Promise<Order>
  /**
   * Records up to 1,000 purchases in one batch and reports on each. Input that is wrong fails alone; the rest is written
   * together.
   */
  recordMany(inputs: readonly NewOrder[]): Promise<ItemReport[]>
  update(id: string, patch: OrderPatch, options?: UpdateOptions): Promise<Order>
}

/** Orders of a session. */
export function createOrderService(context: SessionContext): OrderService {
  const reading = createRecordReading(context, orderEntity)
  const update = (id: string, patch: OrderPatch, options?: UpdateOptions): Promise<Order> =>
    retryOnConflict(async () => {
      await commit(context, await planOrderUpdate(context, id, patch, options))
      return reading.get(id)
    })
  const record = (input: NewOrder): Promise<Order> =>
    retryOnTakenRef(async () => {
      const ref = refOf(input)
      const [known] = ref ? await resolveExternalRefs(context, 'order', [ref]) : []
      if (known !== undefined) {
        const { externalRef: _, ...fields } = input
        return update(known, fields)
      }
      const { id, changes } = await planOrderCreate(context, input)
      return committed(context, orderEntity, id, changes)
    })
  return {
    ...reading,
    ...createRecordRemoval(context, orderEntity, async (kind, row) => {
      const refs = (row.externalRefs ?? []) as ExternalRef[]
      const contactId = row.contactId as string
      return kind === 'delete'
        ? [
            await planRollUp(context, contactId, row.id, undefined),
            ...planExternalRefRemoval('order', refs),
            ...planTimelineRemoval(orderSubjects(row), 'order', row.id),
          ]
        : [await planRollUp(context, contactId, row.id, row), ...planExternalRefs('order', row.id, refs)]
    }),
    record,
    update,
    async recordMany(inputs) {
      if (inputs.length > 1_000)
        throw validationError([{ path: 'inputs', message: 'must be at most 1000; split the list' }])
      const reports: ItemReport[] = []
      const known = await knownOrders(inputs)
      const seen = new Set<string>()
      const changes: EntityChange[] = []
      const fresh: number[] = []
      for (const [index, input] of inputs.entries()) {
        try {
          const ref = refOf(input)
          const key = ref && keyOf(ref)
          if (key !== undefined && seen.has(key))
            throw validationError([{ path: `${index}.externalRef`, message: 'appears twice in the list; keep one' }])
          if (key !== undefined) seen.add(key)
          const before = key === undefined ? undefined : known.get(key)
          if (before) {
            const { externalRef: _, ...fields } = input
            const plan = await planOrderUpdate(context, before, fields)
            const change = plan.find((item) => item.kind === 'update')
            const differs = Object.entries(change?.values ?? {}).some(
              ([path, value]) => !sameValue(before[path], value),
            )
            reports[index] = { outcome: differs ? 'updated' : 'unchanged', id: before.id }
            if (differs) await commit(context, plan)
            continue
          }
          const plan = await planOrderCreate(context, input)
          changes.push(...plan.changes)
          fresh.push(index)
          reports[index] = { outcome: 'created', id: plan.id }
        } catch (error) {
          if (!isCrmError(error)) throw error
          reports[index] = { outcome: 'failed', error }
        }
      }
      try {
        await commit(context, changes)
      } catch (error) {
        if (!isCrmError(error, 'conflict') && !isCrmError(error, 'not_found') && !isCrmError(error, 'access_denied'))
          throw error
        for (const index of fresh) reports[index] = await recordAlone(inputs[index] as NewOrder)
      }
      return reports
    },
  }

  async function recordAlone(input: NewOrder): Promise<ItemReport> {
    try {
      const order = await record(input)
      return { outcome: order.version === 1 ? 'created' : 'updated', id: order.id }
    } catch (error) {
      if (!isCrmError(error)) throw error
      return { outcome: 'failed', error }
    }
  }

  async function knownOrders(inputs: readonly NewOrder[]) {
    const refs = inputs.flatMap((input) => {
      const ref = input?.externalRef
      return typeof ref?.system === 'string' && typeof ref.externalId === 'string' ? [ref] : []
    })
    const ids = await resolveExternalRefs(context, 'order', refs)
    const found = [...new Set(ids.filter((id) => id !== undefined))]
    const rows = found.length === 0 ? [] : await readMany(context, orderEntity, found)
    const byId = new Map(rows.flatMap((row) => (row ? [[row.id, row] as const] : [])))
    return new Map(
      refs.flatMap((ref, index) => {
        const row = byId.get(ids[index] ?? '')
        return row ? [[keyOf(ref), row] as const] : []
      }),
    )
  }

  function refOf(input: NewOrder): ExternalRef | undefined {
    return input?.externalRef === undefined ? undefined : check({ name: 'order' }, externalRefSchema, input.externalRef)
  }
}

function keyOf(ref: ExternalRef): string {
  return JSON.stringify([ref.system, ref.externalId])
}
