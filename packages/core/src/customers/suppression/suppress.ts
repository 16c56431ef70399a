import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { planCreate } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { isCrmError } from '../../kernel/crm-error.js'
import { matchKeyOf, type SuppressedValue, suppressionHashOf } from './suppressed-value.js'
import { type Suppression, suppressionEntity } from './suppression-entity.js'

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
