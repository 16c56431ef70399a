import { commit } from '../../entity/commit.js'
import { readOne } from '../../entity/record-reader.js'
import {
  committed,
  createRecordReading,
  createRecordRemoval,
  planCreate,
  planUpdate,
  type RecordReading,
  retryOnConflict,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'
import { type Association, associationEntity, type NewAssociation } from './association-entity.js'
import { hasEnded, refuseBackwards } from './association-rules.js'
import { associationTypeId } from './association-type-entity.js'
import { findLinks } from './find-links.js'
import { planEnds, requireSubject, today } from './linked-record.js'
import { isReservedType, keeperOf } from './reserved-types.js'

/** A link as it is seen from one of its records. */
export interface SeenAssociation {
  readonly association: Association
  /** How it reads from here. */
  readonly label?: string
  /** The record at the other end. */
  readonly other: { readonly type: string; readonly id: string }
  /** Its last day has come. */
  readonly former: boolean
}

/** Links between records. */
export interface AssociationService extends RecordReading<Association> {
  /** Links two records, both of which must exist. A kind that the tenant has defined says how it reads and what it may link. */
  link(input: NewAssociation): Promise<Association>
  /** The link ends with this day, today (UTC) when left out, and stays visible as a former one. */
  end(id: string, options?: { readonly on?: string }): Promise<Association>
  /** The link was a mistake: it is gone, and may be made again. */
  unlink(id: string): Promise<void>
  /** The links of a record from both ends, at most 1,000 in each direction; former ones too when asked for. In 3 statements. */
  of(
    subject: { readonly type: string; readonly id: string },
    options?: { readonly typeKey?: string; readonly former?: boolean },
  ): Promise<SeenAssociation[]>
}

const mostLinks = 1_000

/** Links of a session. */
export function createAssociationService(context: SessionContext): AssociationService {
  const reading = createRecordReading(context, associationEntity)
  const removal = createRecordRemoval(context, associationEntity)
  const free = async (id: string) => {
    const row = await readOne(context, associationEntity, id)
    refuseReserved(row.typeKey)
    return row
  }
  return {
    ...reading,
    async link(input) {
      refuseReserved(input?.typeKey)
      const { id, values, change } = await planCreate(context, associationEntity, await asDefined(context, input), {
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
      refuseBackwards(values)
      return committed(context, associationEntity, id, [change, ...planEnds(values)])
    },
    end: (id, { on = today(context) } = {}) =>
      retryOnConflict(async () => {
        const change = await planUpdate(context, associationEntity, await free(id), { to: on })
        refuseBackwards({ ...change.before, ...change.values })
        await commit(context, [change])
        return reading.get(id)
      }),
    async unlink(id) {
      await free(id)
      await removal.delete(id)
    },
    async of(subject, { typeKey, former = false } = {}) {
      await requireSubject(context, subject)
      const day = today(context)
      const seen = async (near: 'from' | 'to', far: 'from' | 'to'): Promise<SeenAssociation[]> => {
        const asked = { near, ...subject, typeKey, former }
        const { items } = await findLinks(context, asked, { orderBy: ['typeKey'], limit: mostLinks })
        return items.map((association) => {
          const label = near === 'from' ? association.label : (association.inverseLabel ?? association.label)
          return {
            association,
            ...(label !== undefined && { label }),
            other: { type: association[`${far}Type`], id: association[`${far}Id`] },
            former: hasEnded(association, day),
          }
        })
      }
      return (await Promise.all([seen('from', 'to'), seen('to', 'from')])).flat()
    },
  }
}

/** The input with what the tenant's definition of the kind says. Throws `validation_failed` for ends that it does not allow. */
async function asDefined(context: SessionContext, input: NewAssociation): Promise<NewAssociation> {
  if (typeof input?.typeKey !== 'string') return input
  const [type] = await context.storage.getMany('associationType', [associationTypeId(input.typeKey)])
  if (!type || type.deletedAt !== undefined) {
    if (input.symmetric === true && input.fromType !== input.toType)
      throw invalidField('symmetric', 'needs the same kind of record on both ends')
    return input
  }
  for (const side of ['fromType', 'toType'] as const)
    if (input[side] !== type[side]) throw invalidField(side, `must be ${type[side] as string} for this kind of link`)
  const { label, inverseLabel, category, symmetric } = type
  return { ...input, label, inverseLabel, category, ...(symmetric === true && { symmetric }) } as NewAssociation
}

function refuseReserved(typeKey: unknown): void {
  if (!isReservedType(typeKey)) return
  throw new CrmError('rule_violated', 'Links of this kind have a service of their own', {
    entity: 'association',
    field: 'typeKey',
    reason: 'reserved',
    remedy: `use ${keeperOf(typeKey as string)}`,
  })
}
