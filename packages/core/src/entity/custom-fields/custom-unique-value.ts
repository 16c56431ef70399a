import * as z from 'zod/mini'
import { CrmError } from '../../kernel/crm-error.js'
import { deriveId } from '../../kernel/id.js'
import { canonicalJson } from '../canonical-json.js'
import { defineEntity } from '../entity.js'
import type { EntityChange } from '../entity-change.js'
import { text } from '../field.js'
import type { SessionContext } from '../session-context.js'

/** Who has a value of a unique custom field. The id follows from the value, which is not kept. */
export const customUniqueValueEntity = defineEntity({
  name: 'customUniqueValue',
  kind: 'projection',
  schema: z.strictObject({
    object: text(),
    /** Of the field. */
    key: text(),
    recordId: text(),
  }),
  access: { reach: 'tenant' },
})

/** A value that a record of an entity takes or gives up. */
export interface UniqueValue {
  readonly object: string
  readonly key: string
  readonly value: unknown
  readonly recordId: string
}

/** The id of a unique value. */
export function uniqueValueId({ object, key, value }: Omit<UniqueValue, 'recordId'>): string {
  return deriveId('customUniqueValue', object, key, canonicalJson(value))
}

/**
 * The changes by which values are given up and taken. One that is handed from record to record within the batch is written over.
 * Throws `conflict` naming the field when two records of the batch take the same.
 */
export async function planUniqueValues(
  context: SessionContext,
  given: readonly UniqueValue[],
  taken: readonly UniqueValue[],
): Promise<EntityChange[]> {
  const takers = new Map<string, UniqueValue>()
  for (const value of taken) {
    const id = uniqueValueId(value)
    if (takers.has(id)) throw valueTaken(value)
    takers.set(id, value)
  }
  const ids = [...new Set(given.map(uniqueValueId))]
  const holders = ids.length === 0 ? [] : await context.storage.getMany('customUniqueValue', ids)
  const givers = new Set(given.map(({ recordId }) => recordId))
  const changes: EntityChange[] = []
  for (const [index, id] of ids.entries()) {
    const held = holders[index] !== undefined && givers.has(holders[index].recordId as string)
    const taker = takers.get(id)
    if (!held) continue
    takers.delete(id)
    changes.push(
      taker
        ? { kind: 'project', entity: 'customUniqueValue', id, values: valuesOf(taker) }
        : { kind: 'unproject', entity: 'customUniqueValue', id },
    )
  }
  for (const [id, taker] of takers)
    changes.push({ kind: 'create', entity: 'customUniqueValue', id, values: valuesOf(taker), implied: true })
  return changes
}

function valuesOf({ object, key, recordId }: UniqueValue): Record<string, string> {
  return { object, key, recordId }
}

/** `conflict` for a value that another record has. */
export function valueTaken({ object, key }: Pick<UniqueValue, 'object' | 'key'>, cause?: unknown): CrmError {
  return new CrmError(
    'conflict',
    `custom.${key}: another record has the same value`,
    {
      entity: object,
      field: `custom.${key}`,
      reason: 'unique',
      remedy: 'choose another value, or change the record that has it',
    },
    { cause },
  )
}
