import type { EntityChange } from '../../entity/entity-change.js'
import {
  committed,
  createRecordReading,
  createRecordRemoval,
  planCreate,
  type RecordReading,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { type Association, associationEntity, type NewAssociation } from './association-entity.js'

/** Links between records. */
export interface AssociationService extends RecordReading<Association> {
  /** Both records must exist. */
  link(input: NewAssociation): Promise<Association>
  unlink(id: string): Promise<void>
}

/** Links of a session. */
export function createAssociationService(context: SessionContext): AssociationService {
  const removal = createRecordRemoval(context, associationEntity)
  return {
    ...createRecordReading(context, associationEntity),
    async link(input) {
      const { id, values, change } = await planCreate(context, associationEntity, input, {
        events: [
          {
            type: 'association.linked',
            data: { fromType: input?.fromType, toType: input?.toType, typeKey: input?.typeKey },
          },
        ],
      })
      for (const side of ['from', 'to'] as const) {
        if (!context.registry.has(values[`${side}Type`] as string)) {
          throw invalidField(`${side}Type`, 'must name an entity such as contact or company')
        }
      }
      if (values.fromType === values.toType && values.fromId === values.toId)
        throw invalidField('toId', 'a record cannot be linked to itself')
      const ends = (['from', 'to'] as const).map(
        (side): EntityChange => ({
          kind: 'require',
          entity: values[`${side}Type`] as string,
          id: values[`${side}Id`] as string,
          is: 'present',
          namedBy: `${side}Id`,
        }),
      )
      return committed(context, associationEntity, id, [change, ...ends])
    },
    unlink: (id) => removal.delete(id),
  }
}
