import type { EntityChange } from '../../entity/entity-change.js'
import { recordAliasId } from '../../entity/record-alias.js'

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
