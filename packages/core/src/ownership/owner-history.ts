import { ownerFieldOf } from '../entity/entity.js'
import type { JournaledEvent, JournaledField } from '../entity/journal-entity.js'
import { maskFor, readOne } from '../entity/record-reader.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError, invalidField } from '../kernel/crm-error.js'
import { allOf, type Filter } from '../storage/filter.js'
import type { Path, Row } from '../storage/row.js'
import type { OwnedEntity } from './owned-entities.js'

/** A time during which a record had one owner, or stood without. */
export interface Ownership {
  /** Missing while nobody owned it. */
  readonly ownerId?: string
  readonly since: string
  /** Missing for the present. */
  readonly until?: string
  /** Id of the actor who made it so. */
  readonly by: string
  /** `run:<id>` for a hand-over or a recycling. */
  readonly cause?: string
  /** What was said when it was released. */
  readonly reason?: string
}

/** One change of owner, as the journal has it. */
export interface OwnerTurn {
  readonly row: Row
  readonly before?: string
  readonly after?: string
}

/** Who owned a record when, newest first. Throws `not_found`, or `access_denied` when the actor may not read the owner. */
export async function readOwnerHistory(context: SessionContext, object: string, id: string): Promise<Ownership[]> {
  const entity = context.registry.has(object) ? context.registry.get(object) : undefined
  const ownerField = entity && ownerFieldOf(entity)
  if (!entity || ownerField === undefined)
    throw invalidField('object', 'must name an entity with owners, such as contact')
  await readOne(context, entity, id, { includeDeleted: true })
  if (!(await maskFor(context, entity)).readable(ownerField))
    throw new CrmError('access_denied', `The actor may not read ${ownerField}`, { entity: object, field: ownerField })
  const owners: Ownership[] = []
  for await (const { row, after } of ownerTurns(context, { entity, ownerField }, [id])) {
    const until = owners.at(-1)?.since
    const reason = reasonOf(row)
    owners.push({
      ...(after !== undefined && { ownerId: after }),
      since: row.at as string,
      ...(until !== undefined && { until }),
      by: row.actorId as string,
      ...(row.cause !== undefined && { cause: row.cause as string }),
      ...(reason !== undefined && { reason }),
    })
  }
  return owners
}

/** The changes of owner of up to 1,000 records that the journal holds, each record's newest first. */
export async function* ownerTurns(
  context: SessionContext,
  { entity, ownerField }: OwnedEntity,
  ids: readonly string[],
  since?: Filter,
): AsyncGenerator<OwnerTurn> {
  const where = allOf(
    { op: 'eq', path: 'entity', value: entity.name },
    { op: 'in', path: 'recordId', values: [...ids] },
    since,
  )
  for (let after: readonly [string, number, string] | undefined; ; ) {
    const page = await context.storage.find({
      entity: 'journal',
      where,
      order: ['recordId', '-recordVersion', '-id'],
      limit: 1_000,
      ...(after && { after }),
    })
    for (const row of page.rows) {
      const turn = turnOf(row, ownerField)
      if (turn) yield turn
    }
    const last = page.rows.at(-1)
    if (page.done || !last) return
    after = [last.recordId as string, last.recordVersion as number, last.id]
  }
}

function turnOf(row: Row, ownerField: Path): OwnerTurn | undefined {
  const change = (row.changes as JournaledField[]).find(({ field }) => field === ownerField)
  // A record that is created without an owner stands without one from then on.
  if (!change) return row.change === 'created' ? { row } : undefined
  const { before, after } = change
  return {
    row,
    ...(typeof before === 'string' && { before }),
    ...(typeof after === 'string' && { after }),
  }
}

function reasonOf(row: Row): string | undefined {
  const data = (row.events as JournaledEvent[]).find(({ type }) => type.endsWith('.released'))?.data
  return typeof data?.reason === 'string' ? data.reason : undefined
}
