import type { EntityChange } from '../../entity/entity-change.js'
import { recordAliasId } from '../../entity/record-alias.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Row } from '../../storage/row.js'

const longestChain = 1_000

/** Where ids lead to, each through as many merges as there were; an id that was not merged leads to itself. */
export async function resolveAliases(
  context: SessionContext,
  objectType: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const leads = new Map(ids.map((id) => [id, id]))
  let open = [...leads.keys()]
  for (let hop = 0; open.length > 0 && hop < longestChain; hop++) {
    const targets = [...new Set(open.map((id) => leads.get(id) as string))]
    const found = await readAliases(context, objectType, targets)
    const next = new Map(found.flatMap((row, index) => (row ? [[targets[index] as string, row] as const] : [])))
    open = open.filter((id) => next.has(leads.get(id) as string))
    for (const id of open) leads.set(id, next.get(leads.get(id) as string)?.recordId as string)
  }
  return leads
}

/** The aliases of ids, holes kept; those of merges that are not complete only when asked for. */
export async function readAliases(
  context: SessionContext,
  objectType: string,
  ids: readonly string[],
  { pending = false }: { readonly pending?: boolean } = {},
): Promise<(Row | undefined)[]> {
  const rows = await context.storage.getMany(
    'recordAlias',
    ids.map((id) => recordAliasId(objectType, id)),
  )
  return rows.map((row) => (row && (pending || row.pending !== true) ? row : undefined))
}

/** The alias of an id. `create` fails when there is one already; `project` replaces it. */
export function planAlias(
  kind: 'create' | 'project',
  alias: {
    readonly objectType: string
    readonly oldId: string
    readonly recordId: string
    readonly mergeId: string
    readonly pending: boolean
  },
): EntityChange {
  const id = recordAliasId(alias.objectType, alias.oldId)
  return kind === 'create'
    ? { kind, entity: 'recordAlias', id, values: alias, implied: true }
    : { kind, entity: 'recordAlias', id, values: alias }
}

/** Makes an id stand for its own record again. */
export function planAliasRemoval(objectType: string, oldId: string): EntityChange {
  return { kind: 'unproject', entity: 'recordAlias', id: recordAliasId(objectType, oldId) }
}
