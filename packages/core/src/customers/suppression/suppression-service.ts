import * as z from 'zod/mini'
import { commit } from '../../entity/commit.js'
import { requireRight } from '../../entity/commit-rights.js'
import { check } from '../../entity/input.js'
import { createRecordReading, type RecordReading, retryOnConflict } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { emailSchema, phoneSchema } from '../contact-point/contact-point.js'
import { externalRefSchema } from '../external-ref/external-ref.js'
import { suppress } from './suppress.js'
import { type SuppressedValue, suppressionHashOf } from './suppressed-value.js'
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
