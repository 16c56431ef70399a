import * as z from 'zod/mini'
import { levelFor } from '../access/access-context.js'
import type { Actor } from '../access/actor.js'
import { accessDenied } from '../entity/commit-rights.js'
import { ownerFieldOf } from '../entity/entity.js'
import { check } from '../entity/input.js'
import { requireAssignable } from '../entity/owner-assignment.js'
import { countRecords, maskFor } from '../entity/record-reader.js'
import type { SessionContext } from '../entity/session-context.js'
import { toFilter, type Where } from '../entity/where.js'
import { CrmError, invalidField } from '../kernel/crm-error.js'
import type { Filter } from '../storage/filter.js'
import { hostIdSchema } from './host-record.js'
import { type OwnedEntity, ownedEntities, pooledEntities } from './owned-entities.js'

/** What to hand over, and to whom: exactly one of `to`, `distribute` and `toPool`. */
export interface HandOver {
  /** Whose records. */
  readonly from: string
  readonly to?: string
  /** Members who get the records in turn, entity by entity, 1 to 1,000. */
  readonly distribute?: readonly string[]
  /** Takes the owner away from records that stand in the pool then; others stay. */
  readonly toPool?: true
  /** Entities, such as `contact`; all that have owners when left out. */
  readonly entities?: readonly string[]
  /** Only these records. Every entity must have the fields. */
  readonly where?: Where
  /** Counts what would be handed over and changes nothing. */
  readonly dryRun?: boolean
}

/** What a hand-over was asked to do. Plain data, kept with its run. */
export interface HandOverParams {
  readonly from: string
  /** Next owners; `[null]` for the pool. */
  readonly targets: readonly (string | null)[]
  readonly objects: readonly string[]
  readonly where?: Filter
  readonly dryRun: boolean
  /** Who started it: the run may do what they may. */
  readonly starter: Actor
}

const handOverSchema = z.strictObject({
  from: hostIdSchema,
  to: z.optional(hostIdSchema),
  distribute: z.optional(z.array(hostIdSchema).check(z.minLength(1), z.maxLength(1_000))),
  toPool: z.optional(z.literal(true)),
  entities: z.optional(z.array(z.string()).check(z.minLength(1), z.maxLength(1_000))),
  where: z.optional(z.unknown()),
  dryRun: z.optional(z.boolean()),
})

/**
 * Checks a hand-over before anything is done: its form, that the next owners may be given records, and the actor's rights.
 *
 * Throws `validation_failed`, `rule_violated` for a next owner who is not active, or `access_denied`.
 */
export async function prepareHandOver(context: SessionContext, asked: HandOver): Promise<HandOverParams> {
  const input = check({ name: 'handOver' }, handOverSchema, asked)
  const targets = targetsOf(input)
  const where = input.where === undefined ? undefined : toFilter(input.where)
  const objects = await objectsOf(context, input)
  for (const { entity } of objects) if (where) await countRecords(context, entity, { where })
  const [{ entity: first }] = objects as [OwnedEntity]
  await requireAssignable(context, new Map(targets.flatMap((to) => (to === null ? [] : [[to, first] as const]))))
  return {
    from: input.from,
    targets,
    objects: objects.map(({ entity }) => entity.name),
    ...(where && { where }),
    dryRun: input.dryRun ?? false,
    starter: context.actor,
  }
}

type Input = z.output<typeof handOverSchema>

function targetsOf({ from, to, distribute, toPool }: Input): (string | null)[] {
  const given = [to, distribute, toPool].filter((way) => way !== undefined)
  if (given.length !== 1) throw invalidField('to', 'give exactly one of to, distribute and toPool')
  const targets: (string | null)[] = toPool ? [null] : (distribute ?? [to as string])
  const path = to === undefined ? 'distribute' : 'to'
  if (targets.includes(from)) throw invalidField(path, 'must not name the owner who hands over')
  if (new Set(targets).size < targets.length) throw invalidField(path, 'names a member twice; keep one')
  return targets
}

/** Entities named, or all that the actor may change the owner of. */
async function objectsOf(context: SessionContext, { entities, toPool }: Input): Promise<readonly OwnedEntity[]> {
  const offered = toPool ? pooledEntities(context.registry) : ownedEntities(context.registry)
  const access = await context.access()
  const mayChange = async ({ entity, ownerField }: OwnedEntity): Promise<boolean> =>
    levelFor(access, entity.name, 'update') !== 'no' && (await maskFor(context, entity)).writable(ownerField)
  if (entities === undefined) {
    const allowed: OwnedEntity[] = []
    for (const owned of offered) if (await mayChange(owned)) allowed.push(owned)
    if (allowed.length === 0) throw ownerNotWritable('handOver')
    return allowed
  }
  const named: OwnedEntity[] = []
  for (const [index, name] of [...new Set(entities)].entries()) {
    const owned = offered.find(({ entity }) => entity.name === name)
    const what = toPool ? 'that stands in the pool, such as contact' : 'with owners, such as contact'
    if (!owned) throw invalidField(`entities.${index}`, `must name an entity ${what}`)
    if (levelFor(access, name, 'update') === 'no') throw accessDenied(name, 'update')
    if (!(await mayChange(owned))) throw ownerNotWritable(name, ownerFieldOf(owned.entity))
    named.push(owned)
  }
  return named
}

function ownerNotWritable(entity: string, field = 'ownerId'): CrmError {
  return new CrmError('access_denied', 'The actor may not change owners', {
    entity,
    field,
    remedy: 'give the actor a role that may update the records and their owner',
  })
}
