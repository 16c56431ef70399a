import { invalidField } from '../../kernel/crm-error.js'
import { createRecordService, type NewOf, type PatchOf, type RecordService } from '../record-service.js'
import type { SessionContext } from '../session-context.js'
import { type CustomField, customFieldEntity } from './custom-field.js'

/** Fields a tenant adds to its entities. */
export interface CustomFieldService
  extends Omit<
    RecordService<CustomField, NewOf<typeof customFieldEntity>, PatchOf<typeof customFieldEntity>>,
    'create'
  > {
  /** Values can be written from now on; another process knows of it after at most half a minute. */
  register(input: NewOf<typeof customFieldEntity>): Promise<CustomField>
}

/** Custom fields of a session. */
export function createCustomFieldService(context: SessionContext): CustomFieldService {
  const { create, ...records } = createRecordService(context, customFieldEntity)
  const forgetting = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } finally {
      context.customFields.forget(context.tenantId)
    }
  }
  return {
    ...records,
    async register(input) {
      const object = input?.object
      if (
        typeof object === 'string' &&
        (!context.registry.has(object) || context.registry.get(object).kind !== 'record')
      ) {
        throw invalidField('object', 'must name an entity such as contact')
      }
      const choice = input?.type === 'select' || input?.type === 'multiSelect'
      if (choice && !(Array.isArray(input.options) && input.options.length > 0)) {
        throw invalidField('options', 'must list the values to choose from')
      }
      return forgetting(create(input))
    },
    update: (id, patch, options) => forgetting(records.update(id, patch, options)),
    delete: (id, options) => forgetting(records.delete(id, options)),
    restore: (id) => forgetting(records.restore(id)),
  }
}
