import { commit } from '../entity/commit.js'
import type { Entity } from '../entity/entity.js'
import type { EntityChange } from '../entity/entity-change.js'
import type { SessionContext } from '../entity/session-context.js'
import { isCrmError } from '../kernel/crm-error.js'
import { allOf, type Filter } from '../storage/filter.js'
import type { Path, Row } from '../storage/row.js'
import { isOver } from './due-records.js'
import { anonymisedProjection } from './erased-values.js'
import { addId, findHeld, withReferences } from './legal-hold.js'
import { type PersonalFields, personalFieldsOf } from './personal-fields.js'
import type { RetentionPolicy } from './retention-policy.js'
import { pagesOf } from './subject-rows.js'

/** A page of facts whose time is over: rows that `expire` without being records. */
export interface DueFacts {
  readonly due: readonly Row[]
  /** How many more are kept by a legal hold on one of them, on what it belongs to, or on what this refers to. */
  readonly held: number
  /** Removes those that are due, or what is personal in them, in one batch; how many there still were. */
  apply(): Promise<number>
}

/** Facts whose time is over at a moment, page by page; of a policy that anonymises, those with something personal left. */
export async function* dueFacts(
  context: SessionContext,
  policy: RetentionPolicy,
  at: number,
  signal?: AbortSignal,
): AsyncGenerator<DueFacts> {
  const entity = context.registry.get(policy.object)
  const personal = await personalFieldsOf(context, entity)
  const erased: readonly Path[] = policy.action === 'anonymise' ? personal.fields.map(({ path }) => path) : []
  const references = [...entity.fields.values()].flatMap(({ path, references: to }) => (to === undefined ? [] : [path]))
  const where = allOf(isOver(policy, at), policy.action === 'anonymise' ? isAnyThere(erased) : undefined)
  const options = { fields: [...references, ...erased], ...(signal && { signal }) }
  for await (const rows of pagesOf(context, entity.name, where, options)) {
    const isHeld = await readHolds(context, entity, rows)
    const due = rows.filter((row) => !isHeld(row))
    const apply = (): Promise<number> => applyTo(context, policy, personal, due)
    yield { due, held: rows.length - due.length, apply }
  }
}

function isAnyThere(paths: readonly Path[]): Filter {
  return { op: 'or', args: paths.map((path) => ({ op: 'not', arg: { op: 'isNull', path } })) }
}

/** Facts never come back, so when somebody else removed some of them meanwhile, the others are left. */
async function applyTo(
  context: SessionContext,
  { object, action }: RetentionPolicy,
  personal: PersonalFields,
  due: readonly Row[],
): Promise<number> {
  for (let left = due; left.length > 0; ) {
    const changes = left.map(
      (row): EntityChange =>
        action === 'delete'
          ? { kind: 'unproject', entity: object, id: row.id }
          : { kind: 'derive', entity: object, id: row.id, set: anonymisedProjection(personal, row) },
    )
    try {
      await commit(context, changes)
      return left.length
    } catch (error) {
      if (!isCrmError(error, 'not_found')) throw error
    }
    const ids = left.map(({ id }) => id)
    left = (await context.storage.getMany(object, ids)).filter((row) => row !== undefined)
  }
  return 0
}

/** Which of the rows a hold keeps, in a fixed number of reads. */
async function readHolds(
  context: SessionContext,
  entity: Entity,
  rows: readonly Row[],
): Promise<(row: Row) => boolean> {
  const { reach } = entity.access
  const parent = typeof reach === 'string' ? undefined : { ...reach, entity: context.registry.get(reach.parent) }
  const parentIds = parent ? [...new Set(rows.map((row) => row[parent.field] as string))] : []
  const parents = parent ? await context.storage.getMany(parent.entity.name, parentIds) : []
  const above = new Map(parents.flatMap((row) => (parent && row ? [[row.id, withReferences(parent.entity, row)]] : [])))
  const chainOf = (row: Row): (readonly [string, ReadonlySet<string>])[] => [
    ...withReferences(entity, row),
    ...((parent && above.get(row[parent.field] as string)) ?? []),
  ]
  const all = new Map<string, Set<string>>()
  for (const row of rows) for (const [name, ids] of chainOf(row)) for (const id of ids) addId(all, name, id)
  const held = await findHeld(context, all)
  return (row) => chainOf(row).some(([name, ids]) => [...ids].some((id) => held.get(name)?.has(id) === true))
}
