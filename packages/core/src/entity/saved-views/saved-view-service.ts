import { CrmError, invalidField } from '../../kernel/crm-error.js'
import type { Page } from '../../kernel/page.js'
import { allOf, anyOf, type Filter } from '../../storage/filter.js'
import type { Path } from '../../storage/row.js'
import { requireRight } from '../commit-rights.js'
import type { UpdateOptions } from '../field-merge.js'
import { findRecords } from '../record-reader.js'
import {
  committed,
  createRecordReading,
  createRecordRemoval,
  type NewOf,
  type PatchOf,
  planCreate,
  planUpdate,
} from '../record-service.js'
import type { SessionContext } from '../session-context.js'
import { toFilter, type Where } from '../where.js'
import { type SavedView, savedViewEntity } from './saved-view.js'
import { brokenView, checkViews, type ViewFault } from './view-faults.js'

/** A view to save; `where` is a plain filter or an object. */
export type NewSavedView = Omit<NewOf<typeof savedViewEntity>, 'where' | 'ownerId'> & { readonly where?: Where }

/** A change of a view. */
export type SavedViewPatch = Omit<PatchOf<typeof savedViewEntity>, 'where'> & { readonly where?: Where | null }

/** A view as a list of views shows it. */
export type ListedView = SavedView & {
  /** Why it cannot be opened; empty when it can. */
  readonly faults: readonly ViewFault[]
}

/** A view ready for use: `shop.contacts.find({ ...query, limit: 50 })`. */
export interface OpenView {
  readonly view: SavedView
  readonly query: { readonly where?: Filter; readonly orderBy?: readonly string[] }
  readonly columns: readonly Path[]
  /** Columns of the view that are not there any more, or that the actor may not read. */
  readonly hiddenColumns: readonly Path[]
}

/** Saved views of a session. Private ones are their owner's alone; only its owner changes a view. */
export interface SavedViewService {
  /** The actor owns it. Throws what the list itself would throw: a view that cannot be read is not saved. */
  create(input: NewSavedView): Promise<SavedView>
  get(id: string): Promise<SavedView>
  /** The views the actor may open, by name; those whose fields are gone are marked. */
  find(options?: {
    readonly object?: string
    readonly limit?: number
    readonly cursor?: string
  }): Promise<Page<ListedView>>
  update(id: string, patch: SavedViewPatch, options?: UpdateOptions): Promise<SavedView>
  delete(id: string, options?: { readonly ifVersion?: number }): Promise<void>
  /**
   * What to list. Throws `rule_violated` (reason `broken_view`) when the view filters or orders by a field that is gone, and
   * `access_denied` for one the actor may not read; `details` name the field and the remedy. A condition is never left out.
   */
  open(id: string): Promise<OpenView>
}

/** Saved views of a session. */
export function createSavedViewService(context: SessionContext): SavedViewService {
  const reading = createRecordReading(context, savedViewEntity)
  const { actor } = context
  const visible = anyOf(
    { op: 'eq', path: 'ownerId', value: actor.id },
    { op: 'eq', path: 'sharing', value: 'tenant' },
    allOf(
      { op: 'eq', path: 'sharing', value: 'team' },
      { op: 'hasAny', path: 'teamIds', value: [...(actor.teamIds ?? [])] },
    ),
  )
  const isVisible = (view: SavedView): boolean =>
    view.ownerId === actor.id ||
    view.sharing === 'tenant' ||
    (view.sharing === 'team' && view.teamIds.some((id) => actor.teamIds?.includes(id)))

  const get = async (id: string): Promise<SavedView> => {
    const view = await reading.get(id)
    if (isVisible(view)) return view
    throw new CrmError('not_found', 'There is no savedView with this id', { entity: 'savedView', id })
  }

  const owned = async (id: string): Promise<SavedView> => {
    const view = await get(id)
    if (view.ownerId === actor.id || actor.type === 'system') return view
    throw new CrmError('access_denied', 'Only its owner may change a view', {
      entity: 'savedView',
      id,
      remedy: 'save a view of your own',
    })
  }

  const refuseUnreadable = async (view: Pick<SavedView, 'object' | 'where' | 'orderBy' | 'columns'>): Promise<void> => {
    const { object, where, orderBy, columns = [] } = view
    if (typeof object !== 'string' || !context.registry.has(object) || context.registry.get(object).kind !== 'record')
      throw invalidField('object', 'must name an entity such as contact')
    const entity = context.registry.get(object)
    await findRecords(context, entity, { ...(where && { where }), ...(orderBy && { orderBy }), limit: 1 })
    const { shows } = await checkViews(context, object)
    const unknown = columns.findIndex((column) => !shows(column))
    if (unknown >= 0) throw invalidField(`columns.${unknown}`, `is not a field of ${object} that the actor may read`)
  }

  const refuseTeamless = ({ sharing, teamIds }: Readonly<Record<string, unknown>>): void => {
    if (sharing === 'team' && !(Array.isArray(teamIds) && teamIds.length > 0))
      throw invalidField('teamIds', 'must name the teams that see the view')
  }

  return {
    get,
    async create(input) {
      const { where, ...more } = input ?? {}
      const teamIds = input?.sharing === 'team' ? (input.teamIds ?? [...(actor.teamIds ?? [])]) : input?.teamIds
      const given = {
        ...more,
        ...(where !== undefined && { where: toFilter(where) }),
        ...(teamIds !== undefined && { teamIds }),
      }
      const fixed = { ownerId: actor.id }
      const { id, values, change } = await planCreate(context, savedViewEntity, given, { fixed })
      refuseTeamless(values)
      await refuseUnreadable(values as unknown as SavedView)
      return committed(context, savedViewEntity, id, [change])
    },
    async find({ object, ...page } = {}) {
      const where = allOf(visible, object === undefined ? undefined : { op: 'eq', path: 'object', value: object })
      const { items, ...rest } = await reading.find({ ...page, where, orderBy: ['name'] })
      const objects = [...new Set(items.map((view) => view.object))]
      const checks = new Map(
        await Promise.all(objects.map(async (name) => [name, await checkViews(context, name)] as const)),
      )
      const listed = items.map((view) => Object.assign(view, { faults: checks.get(view.object)?.faultsOf(view) ?? [] }))
      return { ...rest, items: listed }
    },
    async update(id, patch, options) {
      await owned(id)
      const { where, ...more } = patch ?? {}
      const given = { ...more, ...(where !== undefined && { where: where === null ? null : toFilter(where) }) }
      const change = await planUpdate(context, savedViewEntity, id, given, options)
      const after = { ...change.before, ...change.values }
      refuseTeamless(after)
      await refuseUnreadable(withoutNull(after) as unknown as SavedView)
      return committed(context, savedViewEntity, id, [change])
    },
    async delete(id, options) {
      await owned(id)
      await createRecordRemoval(context, savedViewEntity).delete(id, options)
    },
    async open(id) {
      const view = await get(id)
      const { faultsOf, shows } = await checkViews(context, view.object)
      const [fault] = faultsOf(view)
      if (fault) throw brokenView(view, fault)
      await requireRight(context, context.registry.get(view.object), 'read')
      const { where, orderBy, columns = [] } = view
      return {
        view,
        query: { ...(where && { where }), ...(orderBy && { orderBy }) },
        columns: columns.filter(shows),
        hiddenColumns: columns.filter((column) => !shows(column)),
      }
    },
  }
}

function withoutNull(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}
