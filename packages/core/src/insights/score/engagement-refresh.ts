import type { SessionContext } from '../../entity/session-context.js'
import { instantOf } from '../../kernel/instant.js'
import type { OrderTerm } from '../../storage/entity-def.js'
import { allOf, type Filter } from '../../storage/filter.js'
import type { Row } from '../../storage/row.js'
import type { EngagementModel } from './engagement-model.js'
import { countEvent, type EngagementTally, emptyEngagement, engagementScore } from './engagement-score.js'
import { writeScores } from './write-scores.js'

/** What is scored. */
export interface EngagementParams {
  /** Nothing later counts. */
  readonly asOf: string
  readonly engagement: EngagementModel
}

/** How far a refresh is: the contact written last, how many were, and the events that counted for them. */
export interface EngagementProgress {
  readonly after: string
  readonly contacts: number
  readonly events: number
}

const contactsPerBatch = 200
const rowsPerRead = 1_000
const dayMs = 86_400_000
/** An event this many half-lives old has a millionth of its points left: it is not read any more. */
const halfLivesRead = 20

/**
 * Scores every contact with a visitor by what happened there up to a moment, in batches in the order of their ids: events are read page by
 * page and added up, so memory holds one page however much was done. Whoever did nothing lately is set to 0 points. `reached` is how far an earlier attempt came.
 */
export async function refreshEngagement(
  context: SessionContext,
  params: EngagementParams,
  progress: {
    readonly reached: EngagementProgress | undefined
    readonly signal: AbortSignal
    save(reached: EngagementProgress, total: number): Promise<void>
  },
): Promise<{ readonly contacts: number; readonly events: number }> {
  const runId = context.cause?.replace(/^run:/, '') ?? ''
  const total = await countContacts(context)
  let { after, contacts, events } = progress.reached ?? { after: '', contacts: 0, events: 0 }
  for (;;) {
    progress.signal.throwIfAborted()
    const contactIds = await nextContacts(context, after)
    const last = contactIds.at(-1)
    if (last === undefined) return { contacts, events }
    const counted = await countEvents(context, params, contactIds)
    const scored = [...counted].map(([contactId, tally]) => {
      events += tally.events
      return { contactId, scores: new Map([['engagement' as const, engagementScore(params.engagement, tally)]]) }
    })
    await writeScores(context, { asOf: params.asOf, runId }, scored)
    contacts += contactIds.length
    after = last
    await progress.save({ after, contacts, events }, total)
  }
}

const linked: readonly Filter[] = [
  { op: 'isNull', path: 'deletedAt' },
  { op: 'not', arg: { op: 'isNull', path: 'contactId' } },
]

async function countContacts(context: SessionContext): Promise<number> {
  const [group] = await context.storage.aggregate({
    entity: 'visitor',
    where: allOf(...linked),
    compute: { contacts: { fn: 'countDistinct', path: 'contactId' } },
  })
  return (group?.values.contacts as number | undefined) ?? 0
}

async function nextContacts(context: SessionContext, after: string): Promise<string[]> {
  const groups = await context.storage.aggregate({
    entity: 'visitor',
    where: allOf(...linked, { op: 'gt', path: 'contactId', value: after }),
    by: ['contactId'],
    compute: { visitors: { fn: 'count' } },
    limit: contactsPerBatch,
  })
  return groups.map(({ keys }) => keys[0] as string)
}

/** What the contacts did that counts. */
async function countEvents(
  context: SessionContext,
  { asOf, engagement }: EngagementParams,
  contactIds: readonly string[],
): Promise<Map<string, EngagementTally>> {
  const counted = new Map(contactIds.map((contactId) => [contactId, emptyEngagement()]))
  const asOfMs = Date.parse(asOf)
  const longest = Math.max(...engagement.rules.map(({ halfLifeDays }) => halfLifeDays ?? engagement.halfLifeDays))
  const since = instantOf(Math.max(0, asOfMs - halfLivesRead * longest * dayMs))
  const visitors = allOf(...linked, { op: 'in', path: 'contactId', values: contactIds })
  for await (const page of pages(context, 'visitor', visitors, ['contactId', 'id'])) {
    const contactOf = new Map(page.map(({ id, contactId }) => [id, contactId as string]))
    const where = allOf(
      { op: 'in', path: 'visitorId', values: [...contactOf.keys()] },
      { op: 'in', path: 'type', values: [...new Set(engagement.rules.map(({ code }) => code))] },
      { op: 'lte', path: 'at', value: asOf },
      { op: 'gt', path: 'at', value: since },
    )
    for await (const rows of pages(context, 'behaviourEvent', where, ['visitorId', 'type', 'at', 'id']))
      for (const { id, visitorId, type, at } of rows) {
        const tally = counted.get(contactOf.get(visitorId as string) as string) as EngagementTally
        const ageDays = (asOfMs - Date.parse(at as string)) / dayMs
        countEvent(engagement, tally, { id, code: type as string, ageDays })
      }
  }
  return counted
}

async function* pages(
  context: SessionContext,
  entity: string,
  where: Filter,
  order: readonly OrderTerm[],
): AsyncGenerator<readonly Row[]> {
  for (let after: readonly string[] | undefined; ; ) {
    const page = await context.storage.find({
      entity,
      where,
      order,
      limit: rowsPerRead,
      fields: order.filter((path) => path !== 'id'),
      ...(after && { after }),
    })
    if (page.rows.length > 0) yield page.rows
    const last = page.rows.at(-1)
    if (page.done || !last) return
    after = order.map((path) => last[path] as string)
  }
}
