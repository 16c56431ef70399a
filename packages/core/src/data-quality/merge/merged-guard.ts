import { readAliases } from '../../entity/record-alias.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'

/** A service that does not restore a record that was merged: its addresses belong to another one now. Unmerging brings it back. */
export function withMergedGuard<Service extends { restore(id: string): Promise<unknown> }>(
  context: SessionContext,
  objectType: string,
  service: Service,
): Service {
  const restore = async (id: string): Promise<unknown> => {
    if (typeof id !== 'string' || id === '') throw invalidField('id', 'must be the id of a record')
    const [alias] = await readAliases(context, objectType, [id])
    if (alias) {
      throw new CrmError('rule_violated', `This ${objectType} was merged into another one`, {
        entity: objectType,
        id,
        reason: 'merged',
        remedy: 'take the merge back with unmerge',
      })
    }
    return service.restore(id)
  }
  return { ...service, restore }
}
