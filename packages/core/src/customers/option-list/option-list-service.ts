import { commit } from '../../entity/commit.js'
import { requireRight } from '../../entity/commit-rights.js'
import { oneOf } from '../../entity/field.js'
import { check } from '../../entity/input.js'
import { planCreate, planUpdate, retryOnConflict } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { forgetOptionLists, readOptionLists } from './chosen-options.js'
import { type CustomerOption, type OptionField, optionFields } from './option-list.js'
import { optionListEntity, optionListId } from './option-list-entity.js'

/** What customer status, level, rating and risk grade may be in a tenant. Another session hears of a change within half a minute. */
export interface OptionListService {
  /** The options of a field in order: the tenant's own, or the preset ones. */
  get(field: OptionField): Promise<readonly CustomerOption[]>
  /** Replaces the options of a field. Records keep what they have, also where its option is gone. */
  set(field: OptionField, options: readonly CustomerOption[]): Promise<readonly CustomerOption[]>
  /** Goes back to the preset options. */
  reset(field: OptionField): Promise<readonly CustomerOption[]>
}

const fieldSchema = oneOf(optionFields)

/** Option lists of a session. */
export function createOptionListService(context: SessionContext): OptionListService {
  const known = (field: OptionField): OptionField => check(optionListEntity, fieldSchema, field)
  const get = async (field: OptionField): Promise<readonly CustomerOption[]> => {
    await requireRight(context, optionListEntity, 'read')
    return (await readOptionLists(context))[known(field)]
  }
  const change = async (given: OptionField, options: readonly CustomerOption[] | undefined) => {
    const field = known(given)
    const id = optionListId(field)
    await retryOnConflict(async () => {
      const [row] = await context.storage.getMany('optionList', [id])
      const isKept = row !== undefined && row.deletedAt === undefined
      if (options === undefined) {
        if (isKept) await commit(context, [{ kind: 'delete', entity: 'optionList', before: row }])
      } else if (!row) {
        const { change } = await planCreate(context, optionListEntity, { field, options }, { id })
        await commit(context, [change])
      } else {
        const change = await planUpdate(context, optionListEntity, row, { options })
        await commit(context, [isKept ? change : { ...change, values: { ...change.values, deletedAt: null } }])
      }
    })
    forgetOptionLists(context)
    return get(field)
  }
  return { get, set: change, reset: (field) => change(field, undefined) }
}
