import * as z from 'zod/mini'
import type { Entity, RecordOf } from '../entity/entity.js'
import type { EntityChange } from '../entity/entity-change.js'
import { text } from '../entity/field.js'
import { check } from '../entity/input.js'
import { committed, planCreate, planUpdate, retryOnConflict } from '../entity/record-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { isCrmError } from '../kernel/crm-error.js'

/** The id of something the host keeps. */
export const hostIdSchema = text({ minLength: 1, maxLength: 64 })

/**
 * Creates the record with the host's id, or changes what differs; running it twice changes nothing. `planMore` adds to the batch.
 */
export async function saveHostRecord<E extends Entity>(
  context: SessionContext,
  entity: E,
  input: { readonly id: string },
  planMore: (values: Readonly<Record<string, unknown>>) => readonly EntityChange[] = () => [],
): Promise<RecordOf<E>> {
  const { id, ...fields } = check(entity, z.looseObject({ id: hostIdSchema }), input)
  const save = async (): Promise<RecordOf<E>> => {
    const [before] = await context.storage.getMany(entity.name, [id])
    const { change, values } = before
      ? await planUpdate(context, entity, before, fields).then((planned) => ({
          change: planned,
          values: planned.values,
        }))
      : await planCreate(context, entity, fields, { id })
    return committed(context, entity, id, [change, ...planMore(values)])
  }
  return retryOnConflict(async () => {
    try {
      return await save()
    } catch (error) {
      // Somebody else saved the new record first: now it is there to be changed.
      if (!isCrmError(error, 'conflict') || error.details.entity !== entity.name || error.details.reason === 'version')
        throw error
      return save()
    }
  })
}
