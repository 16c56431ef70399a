import { commit } from '../../entity/commit.js'
import { readOne } from '../../entity/record-reader.js'
import {
  createRecordReading,
  createRecordRemoval,
  planCreate,
  planUpdate,
  type RecordReading,
  retryOnConflict,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import {
  type AssociationType,
  associationTypeEntity,
  associationTypeId,
  type NewAssociationType,
} from './association-type-entity.js'
import { isReservedType } from './reserved-types.js'

/** The kinds of link that a tenant has defined. */
export interface AssociationTypeService extends RecordReading<AssociationType> {
  /** Defines a kind of link by its key, or changes how it reads. What it links is fixed once it is defined. */
  define(input: NewAssociationType): Promise<AssociationType>
  /** Links of the kind stay; new ones may be between any records. */
  remove(key: string): Promise<void>
}

/** Kinds of link of a session. */
export function createAssociationTypeService(context: SessionContext): AssociationTypeService {
  const reading = createRecordReading(context, associationTypeEntity)
  const removal = createRecordRemoval(context, associationTypeEntity)
  return {
    ...reading,
    define: (input) =>
      retryOnConflict(async () => {
        const id = associationTypeId(String(input?.key))
        const plan = await planCreate(context, associationTypeEntity, input, { id })
        const { key, fromType, toType, symmetric, ...rest } = plan.values
        if (isReservedType(key)) throw invalidField('key', 'is a kind of link of Rapport; choose another')
        for (const [field, type] of Object.entries({ fromType, toType }))
          if (!context.registry.has(type as string)) throw invalidField(field, 'must name an entity such as contact')
        if (symmetric === true && fromType !== toType)
          throw invalidField('symmetric', 'needs the same kind of record on both ends')
        const [known] = await context.storage.getMany('associationType', [id])
        if (!known) await commit(context, [plan.change])
        else {
          for (const [field, value] of Object.entries({ fromType, toType, symmetric }))
            if (known[field] !== value) throw invalidField(field, 'is set on creation and cannot be changed')
          const change = await planUpdate(context, associationTypeEntity, known, rest)
          await commit(context, [{ ...change, values: { ...change.values, deletedAt: null } }])
        }
        return reading.get(id)
      }),
    async remove(key) {
      await removal.delete((await readOne(context, associationTypeEntity, associationTypeId(key))).id)
    },
  }
}
