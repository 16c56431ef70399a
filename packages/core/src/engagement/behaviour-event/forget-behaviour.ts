import { contactEntity } from '../../customers/index.js'
import { commit } from '../../entity/commit.js'
import { requireRight } from '../../entity/commit-rights.js'
import { readOne } from '../../entity/record-reader.js'
import type { Run } from '../../entity/run-entity.js'
import type { Checkpoint, RunEngine } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField, isCrmError } from '../../kernel/crm-error.js'
import { allOf, type Filter } from '../../storage/filter.js'
import type { Row } from '../../storage/row.js'
import { visitorEntity } from '../visitor/visitor-entity.js'
import { behaviourEventEntity } from './behaviour-event-entity.js'
import type { BehaviourSubject } from './behaviour-events-of.js'
import { type ForgetBehaviour, forgetBehaviourKind } from './forgetting.js'

const perBatch = 500
const visitorsPerRead = 100

/** Removes a subject's events as a run. Throws `not_found` when the actor may not read whose they are. */
export async function forgetBehaviour(
  context: SessionContext,
  runs: RunEngine,
  { subject, purpose }: ForgetBehaviour,
): Promise<Run> {
  await requireRight(context, behaviourEventEntity, 'delete')
  await ('visitorId' in subject
    ? readOne(context, visitorEntity, subject.visitorId, { includeDeleted: true })
    : readOne(context, contactEntity, subject.contactId, { includeDeleted: true }))
  if (purpose !== undefined && typeof purpose !== 'string') throw invalidField('purpose', 'must be a text')
  return runs.start(context, forgetBehaviourKind, { subject, ...(purpose !== undefined && { purpose }) })
}

/** Takes away what is still there, so after an interruption it goes on by itself. */
export async function removeBehaviour(
  context: SessionContext,
  { subject, purpose }: ForgetBehaviour,
  checkpoint: Checkpoint,
): Promise<{ readonly removed: number }> {
  let removed = 0
  for await (const visitorIds of visitorPages(context, subject)) {
    const where = allOf(
      { op: 'in', path: 'visitorId', values: visitorIds },
      purpose === undefined ? undefined : { op: 'eq', path: 'purpose', value: purpose },
    )
    for (;;) {
      const page = await context.storage.find({
        entity: 'behaviourEvent',
        where,
        // That of an index, or each batch would sort all that is left.
        order: ['visitorId', 'type', 'at', 'id'],
        limit: perBatch,
        fields: ['visitorId'],
      })
      if (page.rows.length === 0) break
      if (await removeRows(context, page.rows)) removed += page.rows.length
      await checkpoint.save({ cursor: {}, done: removed })
    }
  }
  return { removed }
}

/** Whether the rows were all still there; else somebody else removes them too, and what is left is read again. */
async function removeRows(context: SessionContext, rows: readonly Row[]): Promise<boolean> {
  try {
    await commit(
      context,
      rows.map(({ id }) => ({ kind: 'unproject', entity: 'behaviourEvent', id })),
    )
    return true
  } catch (error) {
    if (isCrmError(error, 'not_found')) return false
    throw error
  }
}

async function* visitorPages(context: SessionContext, subject: BehaviourSubject): AsyncGenerator<readonly string[]> {
  if ('visitorId' in subject) return yield [subject.visitorId]
  const where: Filter = { op: 'eq', path: 'contactId', value: subject.contactId }
  for (let after: readonly [string] | undefined; ; ) {
    const page = await context.storage.find({
      entity: 'visitor',
      where,
      order: ['id'],
      limit: visitorsPerRead,
      fields: ['contactId'],
      ...(after && { after }),
    })
    if (page.rows.length > 0) yield page.rows.map(({ id }) => id)
    const last = page.rows.at(-1)
    if (page.done || !last) return
    after = [last.id]
  }
}
