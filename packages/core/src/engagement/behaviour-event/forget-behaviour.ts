import { commit } from '../../entity/commit.js'
import { requireRight } from '../../entity/commit-rights.js'
import type { Run } from '../../entity/run-entity.js'
import type { RunEngine, RunKind } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { allOf, type Filter } from '../../storage/filter.js'
import { behaviourEventEntity } from './behaviour-event-entity.js'
import type { BehaviourSubject } from './behaviour-events-of.js'

/** What is to be forgotten: all of a subject's events, or those of one purpose. */
export interface ForgetBehaviour {
  readonly subject: BehaviourSubject
  readonly purpose?: string
}

const kind = 'visitors.forgetEvents'
const perBatch = 500
const visitorsPerRead = 100

/** Removes a subject's events as a run. Needs the right to delete events. */
export async function forgetBehaviour(
  context: SessionContext,
  runs: RunEngine,
  { subject, purpose }: ForgetBehaviour,
): Promise<Run> {
  await requireRight(context, behaviourEventEntity, 'delete')
  const id = 'visitorId' in subject ? subject.visitorId : subject.contactId
  if (typeof id !== 'string' || id === '') throw invalidField('visitorId', 'name a visitor or a contact')
  if (purpose !== undefined && typeof purpose !== 'string') throw invalidField('purpose', 'must be a text')
  return runs.start(context, kind, { subject, ...(purpose !== undefined && { purpose }) })
}

/** The run behind it. It takes away what is still there, so after an interruption it goes on by itself. */
export const forgetBehaviourRun: RunKind<{ readonly subject: BehaviourSubject; readonly purpose?: string }> = {
  kind,
  async execute(context, { subject, purpose }, checkpoint) {
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
          order: ['id'],
          limit: perBatch,
          fields: ['visitorId'],
        })
        if (page.rows.length === 0) break
        await commit(
          context,
          page.rows.map(({ id }) => ({ kind: 'unproject', entity: 'behaviourEvent', id })),
        )
        removed += page.rows.length
        await checkpoint.save({ cursor: {}, done: removed })
      }
    }
    return { removed }
  },
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
