import * as z from 'zod/mini'
import { isCrmError } from '../kernel/crm-error.js'
import { instantOf } from '../kernel/instant.js'
import { defineEntity } from './entity.js'
import { int } from './field.js'
import type { SessionContext } from './session-context.js'

/** Numbers that count on per tenant, such as ticket numbers. The id is the counter's name. */
export const counterEntity = defineEntity({
  name: 'counter',
  kind: 'projection',
  schema: z.strictObject({}),
  derived: z.strictObject({ value: z.optional(int({ min: 0 })) }),
  access: { reach: 'tenant' },
})

/** The next number of a counter, from 1. Numbers are unique; one taken by a command that fails afterwards is left out. */
export async function nextNumber(context: SessionContext, counter: string): Promise<number> {
  const countUp = async (): Promise<number> => {
    const [result] = await context.storage.write([
      { do: 'patch', entity: 'counter', id: counter, add: { value: 1 }, touch: false },
    ])
    return result?.values?.value as number
  }
  try {
    return await countUp()
  } catch (error) {
    if (!isCrmError(error, 'not_found')) throw error
  }
  try {
    const row = { id: counter, value: 1, updatedAt: instantOf(context.clock.now()) }
    await context.storage.write([{ do: 'insert', entity: 'counter', row }])
    return 1
  } catch (error) {
    if (!isCrmError(error, 'conflict')) throw error
    return countUp()
  }
}
