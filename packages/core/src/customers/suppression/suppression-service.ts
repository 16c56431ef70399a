import * as z from 'zod/mini'
import { commit } from '../../entity/commit.js'
import { requireRight } from '../../entity/commit-rights.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { check } from '../../entity/input.js'
import { createRecordReading, planCreate, type RecordReading, retryOnConflict } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { isCrmError } from '../../kernel/crm-error.js'
import { emailSchema, phoneSchema } from '../contact-point/contact-point.js'
import { externalRefSchema } from '../external-ref/external-ref.js'
import { matchKeyOf, type SuppressedValue, suppressionHashOf } from './suppressed-value.js'
import { type Suppression, suppressionEntity } from './suppression-entity.js'

/** Addresses, numbers and foreign ids that must not come back. Only keyed hashes of them are kept. */
export interface SuppressionService extends RecordReading<Suppression> {
  /** Suppresses a value; what is suppressed already stays as it is. */
  add(value: SuppressedValue, reason: Suppression['reason']): Promise<void>
  isSuppressed(value: SuppressedValue): Promise<boolean>
  /** Lets a value back in. Whether it was suppressed. */
  lift(value: SuppressedValue): Promise<boolean>
}

const valueSchema = z.union([
  z.strictObject({ email: emailSchema.shape.address }),
  z.strictObject({ phone: phoneSchema.shape.number }),
  z.strictObject({ externalRef: externalRefSchema }),
])

/** Suppressions of a session. */
export function createSuppressionService(context: SessionContext): SuppressionService {
  const hashIdOf = async (value: SuppressedValue): Promise<string | undefined> => {
    const checked = check(suppressionEntity, valueSchema, value)
    const key = await context.tenantKeys.find(context)
    return key && suppressionHashOf(key, checked)
  }
  const find = async (value: SuppressedValue): Promise<{ hashId: string; suppressionId: string } | undefined> => {
    const hashId = await hashIdOf(value)
    const [row] = hashId === undefined ? [] : await context.storage.getMany('suppressionHash', [hashId])
    return row && { hashId: row.id, suppressionId: row.suppressionId as string }
  }
  return {
    ...createRecordReading(context, suppressionEntity),
    async add(value, reason) {
      await requireRight(context, suppressionEntity, 'create')
      await suppress(context, [check(suppressionEntity, valueSchema, value)], reason)
    },
    async isSuppressed(value) {
      await requireRight(context, suppressionEntity, 'read')
      return (await find(value)) !== undefined
    },
    lift: (value) =>
      retryOnConflict(async () => {
        await requireRight(context, suppressionEntity, 'delete')
        const found = await find(value)
        if (!found) return false
        const [record] = await context.storage.getMany('suppression', [found.suppressionId])
        await commit(context, [
          { kind: 'unproject', entity: 'suppressionHash', id: found.hashId },
          ...(record && record.deletedAt === undefined
            ? [{ kind: 'delete', entity: 'suppression', before: record } as const]
            : []),
        ])
        return true
      }),
  }
}

/** Suppresses values that are not yet; each in its own batch, so that two at once harm nobody. Whether the actor may is checked before. */
export async function suppress(
  context: SessionContext,
  values: readonly SuppressedValue[],
  reason: Suppression['reason'],
): Promise<number> {
  if (values.length === 0) return 0
  const key = await context.tenantKeys.require(context)
  let added = 0
  for (const value of values) {
    const hashId = suppressionHashOf(key, value)
    const [known] = await context.storage.getMany('suppressionHash', [hashId])
    if (known) continue
    const id = context.newId()
    const { change } = await planCreate(context, suppressionEntity, { kind: matchKeyOf(value)[0], reason }, { id })
    const index: EntityChange = {
      kind: 'create',
      entity: 'suppressionHash',
      id: hashId,
      values: { suppressionId: id },
      implied: true,
    }
    try {
      await commit(context, [{ ...change, implied: true }, index])
      added++
    } catch (error) {
      if (!isCrmError(error, 'conflict')) throw error
    }
  }
  return added
}
