import type { CustomField } from '../custom-fields/custom-field.js'
import type { CustomFieldService } from '../custom-fields/custom-field-service.js'
import type { RunEngine } from '../run-service.js'
import type { SessionContext } from '../session-context.js'
import type { SearchIndexParams } from './search-index-params.js'

/** Custom fields whose values are found as soon as they become searchable, and no longer when they cease to be: a run sees to it. */
export function withSearchRebuild(
  context: SessionContext,
  runs: Pick<RunEngine, 'start'>,
  fields: CustomFieldService,
): CustomFieldService {
  const rebuild = async ({ object }: Pick<CustomField, 'object'>): Promise<void> => {
    if (!context.registry.has(object) || !context.registry.get(object).search) return
    const params: SearchIndexParams = { entities: [object] }
    await runs.start(context, 'search.rebuild', { ...params })
  }
  return {
    ...fields,
    async update(id, patch, options) {
      const before = patch?.searchable === undefined ? undefined : await fields.get(id)
      const after = await fields.update(id, patch, options)
      if (before && (before.searchable === true) !== (after.searchable === true)) await rebuild(after)
      return after
    },
    async delete(id, options) {
      const before = await fields.get(id)
      await fields.delete(id, options)
      if (before.searchable === true) await rebuild(before)
    },
    async restore(id) {
      const after = await fields.restore(id)
      if (after.searchable === true) await rebuild(after)
      return after
    },
  }
}
