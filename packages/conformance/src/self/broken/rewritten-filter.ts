import type { EntityDef, Filter, Row, StorageSession } from '@rapport/core/storage'
import { grownSpecimenDefs } from '../../storage/specimen.js'

/** The filter with every condition (every node that is not `and`, `or` or `not`) replaced. */
export function rewriteConditions(filter: Filter, rewrite: (condition: Filter) => Filter): Filter {
  if (filter.op === 'not') return { op: 'not', arg: rewriteConditions(filter.arg, rewrite) }
  if (filter.op !== 'and' && filter.op !== 'or') return rewrite(filter)
  return { op: filter.op, args: filter.args.map((arg) => rewriteConditions(arg, rewrite)) }
}

/** A `find` that asks for something else than its caller did. */
export function findingBy(inner: StorageSession, rewrite: (filter: Filter) => Filter): Pick<StorageSession, 'find'> {
  return { find: (query) => inner.find(query.where ? { ...query, where: rewrite(query.where) } : query) }
}

/** All rows of an entity, up to a thousand. */
export async function readThousand(inner: StorageSession, entity: string): Promise<Row[]> {
  return (await inner.find({ entity, order: ['id'], limit: 1_000 })).rows
}

/** The definition of one of the kit's entities. */
export function definitionOf(entity: string): EntityDef {
  const def = grownSpecimenDefs.find((candidate) => candidate.name === entity)
  if (!def) throw new TypeError(`The kit has no entity ${entity}`)
  return def
}
