import type { Derivation, EntityChange } from '../../entity/entity-change.js'
import { parsePatch } from '../../entity/input.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import type { Path, Row, Scalar } from '../../storage/row.js'
import { readFieldAges } from './field-age.js'
import { type MergedFields, type MergeStrategy, mergeFields } from './merge-fields.js'
import { planFirstSweep } from './merge-sweep.js'
import type { Mergeable } from './mergeable.js'
import { planDropped, planNote, planPreImage, type RelationTarget } from './move-relations.js'
import { planAlias } from './record-alias.js'

const deepestHierarchy = 50

/** The fields of the merged record, and what must be as it was read when they are written. */
export interface PlannedFields extends MergedFields {
  /** The records above the merged one, which would close a circle if one of them came to lie below it meanwhile. */
  readonly above: readonly Row[]
}

/** The fields of the merged record, with what had to be read for them. */
export async function planFields(
  context: SessionContext,
  mergeable: Mergeable,
  survivor: Row,
  sources: readonly Row[],
  strategies: Readonly<Record<string, MergeStrategy>> = {},
): Promise<PlannedFields> {
  const { entity } = mergeable
  const byAge = Object.values(strategies).some((strategy) => strategy === 'mostRecent' || strategy === 'oldest')
  const [age, { excluded, lines }, custom] = await Promise.all([
    byAge ? readFieldAges(context, entity.name, [survivor, ...sources]) : () => '',
    circularParents(context, mergeable, [survivor, ...sources]),
    context.customFields.fieldsOf(context.storage, context.tenantId, entity.name),
  ])
  const merged = mergeFields(mergeable, survivor, sources, { strategies, age, excluded, custom })
  // Joined lists may be longer than a record can hold.
  parsePatch(
    entity,
    Object.fromEntries(
      Object.entries(merged.values).filter(([path, value]) => Array.isArray(value) && !path.includes('.')),
    ),
  )
  const above = Object.values(merged.values).flatMap((value) => lines.get(value as string) ?? [])
  return { ...merged, above }
}

/**
 * Ids that a reference to a record of the same kind must not take: the merged records, and those that are below one of them. With
 * the line of records above each that is referred to.
 */
async function circularParents(
  context: SessionContext,
  { entity }: Mergeable,
  participants: readonly Row[],
): Promise<{ readonly excluded: ReadonlySet<string>; readonly lines: ReadonlyMap<string, readonly Row[]> }> {
  const ids = new Set(participants.map(({ id }) => id))
  const lines = new Map<string, readonly Row[]>()
  const paths = [...entity.fields.values()]
    .filter(({ references }) => references === entity.name)
    .map(({ path }) => path)
  const excluded = new Set(ids)
  for (const path of paths) {
    for (const { [path]: first } of participants) {
      const line: Row[] = []
      for (let above = first; typeof above === 'string' && line.length < deepestHierarchy; ) {
        if (ids.has(above)) {
          for (const { id } of line) excluded.add(id)
          break
        }
        const [row] = await context.storage.getMany(entity.name, [above])
        if (row) line.push(row)
        above = row?.[path]
      }
      if (typeof first === 'string') lines.set(first, line)
    }
  }
  return { excluded, lines }
}

/** What completes a merge once its relations are moved. */
export interface Completion {
  readonly target: RelationTarget
  readonly survivor: Row
  readonly sources: readonly Row[]
  readonly merged: PlannedFields
  readonly restrictions: readonly unknown[]
  /** `project` where the aliases are there already, waiting for the merge to be complete. */
  readonly aliases: 'create' | 'project'
}

/**
 * The changes that turn several records into one: the survivor with its new fields and totals, the others deleted, their ids made to
 * lead to it, what they were kept, and what one of them was refused stated of the survivor.
 */
export function planCompletion(
  context: SessionContext,
  mergeable: Mergeable,
  { target, survivor, sources, merged, restrictions, aliases }: Completion,
): EntityChange[] {
  const { name } = mergeable.entity
  const { mergeId, objectType, survivorId, mergedIds } = target
  const totals = joinedTotals(mergeable, survivor, sources)
  const dropped = Object.fromEntries(
    mergeable.dropped.filter((path) => survivor[path] !== undefined).map((path) => [path, null]),
  )
  const after = withoutNull({ ...survivor, ...merged.values, ...totals, ...dropped })
  const stated = mergeable.planRestrictions?.(context, survivorId, restrictions) ?? []
  const derivation = totalsToAdd(mergeable, sources)
  return [
    ...mergeable.planFollowing([
      ...sources.map((before) => ({ id: before.id, before })),
      { id: survivorId, before: survivor, after },
    ]),
    {
      kind: 'update',
      entity: name,
      before: survivor,
      values: merged.values,
      events: [{ type: `${name}.merged`, data: { mergeId, mergedIds } }],
      implied: true,
    },
    { kind: 'derive', entity: name, id: survivorId, set: dropped, ...derivation },
    ...sources.flatMap((before): EntityChange[] => [
      {
        kind: 'delete',
        entity: name,
        before,
        events: [{ type: `${name}.merged_into`, data: { mergeId, survivorId } }],
        implied: true,
      },
      planAlias(aliases, { objectType, oldId: before.id, recordId: survivorId, mergeId, pending: false }),
      planPreImage(mergeId, 'before', name, before),
    ]),
    ...merged.above.map(({ id, version }): EntityChange => ({ kind: 'require', entity: name, id, is: version })),
    planFirstSweep(context, mergeId),
    planPreImage(mergeId, 'before', name, survivor),
    planPreImage(mergeId, 'after', name, after),
    ...stated.flatMap((change): EntityChange[] =>
      change.kind === 'create'
        ? [
            change,
            planNote(target, {
              entity: change.entity,
              recordId: change.id,
              path: 'id',
              fromId: survivorId,
              effect: 'created',
            }),
          ]
        : [change],
    ),
  ]
}

/** The computed rows of the survivor, which say nothing of the merged one. */
export async function planSurvivorScores(
  context: SessionContext,
  { mergeId, objectType, survivorId }: RelationTarget,
): Promise<EntityChange[]> {
  const changes: EntityChange[] = []
  for (const entity of context.registry.all()) {
    if (entity.kind !== 'projection' || !entity.fields.has('subjectId') || entity.fields.has('recordId')) continue
    const page = await context.storage.find({
      entity: entity.name,
      where: {
        op: 'and',
        args: [
          { op: 'eq', path: 'subjectType', value: objectType },
          { op: 'eq', path: 'subjectId', value: survivorId },
        ],
      },
      order: ['id'],
      limit: 100,
    })
    changes.push(...planDropped(mergeId, entity.name, page.rows))
  }
  return changes
}

/** The record of a merge, as a change of what it was. */
export function planMergeStatus(
  context: SessionContext,
  before: Row,
  status: 'completed' | 'reverting' | 'unmerged',
  conflicts?: readonly string[],
): EntityChange {
  const at = instantOf(context.clock.now())
  return {
    kind: 'update',
    entity: 'mergeRecord',
    before,
    values: {
      status,
      ...(status === 'completed' && { completedAt: at }),
      ...(status === 'unmerged' && { unmergedAt: at }),
      ...(conflicts && { conflicts }),
    },
    implied: true,
  }
}

function joinedTotals({ totals }: Mergeable, survivor: Row, sources: readonly Row[]): Record<Path, unknown> {
  const joined: Record<Path, unknown> = {}
  const join = (paths: readonly Path[], by: (a: Scalar, b: Scalar) => Scalar): void => {
    for (const path of paths) {
      const values = [survivor, ...sources]
        .map((row) => row[path] as Scalar | undefined)
        .filter((value) => value !== undefined)
      if (values.length > 0) joined[path] = values.reduce(by)
    }
  }
  join(totals.add, (a, b) => (a as number) + (b as number))
  join(totals.min, (a, b) => (b < a ? b : a))
  join(totals.max, (a, b) => (b > a ? b : a))
  return joined
}

/** What the sources add to the survivor's totals, whatever they are by then. */
function totalsToAdd({ totals }: Mergeable, sources: readonly Row[]): Derivation {
  const collect = <V extends Scalar>(paths: readonly Path[], by: (a: V, b: V) => V): Record<Path, V> => {
    const known = paths.map(
      (path) => [path, sources.flatMap((row) => (row[path] === undefined ? [] : [row[path] as V]))] as const,
    )
    return Object.fromEntries(known.flatMap(([path, values]) => (values.length > 0 ? [[path, values.reduce(by)]] : [])))
  }
  return {
    add: collect<number>(totals.add, (a, b) => a + b),
    min: collect<Scalar>(totals.min, (a, b) => (b < a ? b : a)),
    max: collect<Scalar>(totals.max, (a, b) => (b > a ? b : a)),
  }
}

/** A row without the paths that are cleared. */
export function withoutNull(row: Readonly<Record<Path, unknown>>): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined)) as Row
}

/** The error for a merge that is not in the state that an action needs. */
export function mergeRefused(mergeId: string, reason: string, message: string, remedy: string): CrmError {
  return new CrmError('rule_violated', message, { entity: 'mergeRecord', id: mergeId, reason, remedy })
}
