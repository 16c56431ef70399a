import { type ItemReport, type UpsertRules, upsertByRef, upsertManyByRef } from '../../customers/index.js'
import { commit } from '../../entity/commit.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import {
  createRecordReading,
  createRecordRemoval,
  type RecordReading,
  type RecordRemoval,
  retryOnConflict,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { type NewOrder, type Order, type OrderPatch, orderEntity } from './order-entity.js'
import { planOrderCreate, planOrderRemoval, planOrderUpdate } from './order-plan.js'
import { contactsRolledUp, settleRollUp } from './order-roll-up.js'

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
  const rules: UpsertRules<NewOrder> = {
    entity: orderEntity,
    planNew: (input) => planOrderCreate(context, input),
    planChange: (before, { externalRef: _, ...fields }) => planOrderUpdate(context, before, fields),
    changesAlone: true,
    afterChange: (changes) => settle(contactsRolledUp(changes)),
  }
  const removal = createRecordRemoval(context, orderEntity, (kind, row) => planOrderRemoval(context, kind, row))
  const settle = async (contactIds: readonly string[]): Promise<void> => {
    for (const contactId of contactIds) await settleRollUp(context, contactId)
  }
  const settleFor = async (id: string): Promise<void> => {
    const [row] = await context.storage.getMany('order', [id])
    if (row) await settle([row.contactId as string])
  }
  return {
    ...reading,
    async delete(id, options) {
      await removal.delete(id, options)
      await settleFor(id)
    },
    async restore(id) {
      const order = await removal.restore(id)
      await settleFor(id)
      return order
    },
    record: async (input) => reading.get((await upsertByRef(context, rules, input)).id),
    recordMany: (inputs) => upsertManyByRef(context, rules, inputs),
    update: (id, patch, options) =>
      retryOnConflict(async () => {
        const changes = await planOrderUpdate(context, id, patch, options)
        await commit(context, changes)
        await settle(contactsRolledUp(changes))
        return reading.get(id)
      }),
  }
}
