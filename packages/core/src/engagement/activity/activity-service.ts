import { sameValue } from '../../entity/canonical-json.js'
import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import { resolveAliases } from '../../entity/record-alias.js'
import { readOne } from '../../entity/record-reader.js'
import {
  committed,
  createRecordReading,
  createRecordRemoval,
  planCreate,
  planUpdate,
  type RecordReading,
  type RecordRemoval,
  retryOnConflict,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { validationError } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import { planTimeline, planTimelineRemoval, type Subject, type TimelineFact } from '../timeline/timeline-entity.js'
import { type Activity, type ActivityPatch, activityEntity, type NewActivity } from './activity-entity.js'

/** Tasks, notes, calls, meetings, visits, e-mails and messages. */
export interface ActivityService extends RecordReading<Activity>, RecordRemoval<Activity> {
  /** Adds an activity to the timelines of the records it is linked to. */
  log(input: NewActivity): Promise<Activity>
  update(id: string, patch: ActivityPatch, options?: UpdateOptions): Promise<Activity>
}

/** Activities of a session. */
export function createActivityService(context: SessionContext): ActivityService {
  const reading = createRecordReading(context, activityEntity)
  const removal = createRecordRemoval(context, activityEntity, async (kind, row) => {
    const links = row.links as Subject[]
    return kind === 'delete'
      ? planTimelineRemoval(links, 'activity', row.id)
      : [...linkedRecords(context, links, row.occurredAt as string), ...planTimeline(links, factOf(row))]
  })
  return {
    ...reading,
    ...removal,
    async restore(id) {
      await followMerges(context, id)
      return removal.restore(id)
    },
    async log(input) {
      const occurredAt = input?.occurredAt ?? instantOf(context.clock.now())
      const { id, values, change } = await planCreate(context, activityEntity, { ...input, occurredAt })
      const links = values.links as Subject[]
      refuseUnknownTypes(context, links)
      return committed(context, activityEntity, id, [
        change,
        ...linkedRecords(context, links, values.occurredAt as string),
        ...planTimeline(links, factOf({ ...values, id })),
      ])
    },
    update: (id, patch, options) =>
      retryOnConflict(async () => {
        const change = await planUpdate(context, activityEntity, id, patch, options)
        const after: Record<string, unknown> = { ...change.before, ...change.values }
        const before = change.before.links as Subject[]
        const links = after.links as Subject[]
        refuseUnknownTypes(context, links)
        const gone = before.filter((old) => !links.some((link) => sameSubject(link, old)))
        await commit(context, [
          change,
          ...linkedRecords(context, links, after.occurredAt as string, before),
          ...planTimelineRemoval(gone, 'activity', id),
          ...planTimeline(links, factOf(after)),
        ])
        return reading.get(id)
      }),
  }
}

/** A deleted activity has no line by which a merge would find it, so its links follow merges when it is to be restored. */
async function followMerges(context: SessionContext, id: string): Promise<void> {
  await retryOnConflict(async () => {
    const before = await readOne(context, activityEntity, id, { includeDeleted: true })
    if (before.deletedAt === undefined) return
    const old = before.links as readonly Subject[]
    const leads = new Map<string, ReadonlyMap<string, string>>()
    for (const type of new Set(old.map((link) => link.type))) {
      const ids = old.filter((link) => link.type === type).map(({ id }) => id)
      leads.set(type, await resolveAliases(context, type, ids))
    }
    const links: Subject[] = []
    for (const { type, id } of old) {
      const now = { type, id: leads.get(type)?.get(id) as string }
      if (!links.some((known) => sameSubject(known, now))) links.push(now)
    }
    if (!sameValue(links, old))
      await commit(context, [{ kind: 'update', entity: 'activity', before, values: { links } }])
  })
}

function factOf(row: Readonly<Record<string, unknown>>): TimelineFact {
  return {
    at: row.occurredAt as string,
    recordType: 'activity',
    recordId: row.id as string,
    title: (row.subject as string | undefined) ?? (row.type as string),
    visibility: row.visibility as TimelineFact['visibility'],
  }
}

/** Contacts and companies remember when something last happened; every other record must at least be there. */
function linkedRecords(
  { registry }: SessionContext,
  links: readonly Subject[],
  at: string,
  known: readonly Subject[] = [],
): EntityChange[] {
  return links.flatMap((link, index): EntityChange[] => {
    if (known.some((old) => sameSubject(link, old))) return []
    const { type, id } = link
    const namedBy = `links.${index}.id`
    return registry.get(type).fields.has('lastActivityAt')
      ? [{ kind: 'derive', entity: type, id, namedBy, max: { lastActivityAt: at } }]
      : [{ kind: 'require', entity: type, id, namedBy, is: 'present' }]
  })
}

function sameSubject(left: Subject, right: Subject): boolean {
  return left.type === right.type && left.id === right.id
}

function refuseUnknownTypes(context: SessionContext, links: readonly Subject[]): void {
  const issues = links.flatMap((link, index) =>
    context.registry.has(link.type)
      ? []
      : [{ path: `links.${index}.type`, message: 'must name an entity such as contact' }],
  )
  const doubled = links.findIndex(
    (link, index) => links.findIndex((other) => other.type === link.type && other.id === link.id) !== index,
  )
  if (doubled >= 0) issues.push({ path: `links.${doubled}`, message: 'appears twice; keep one' })
  if (issues.length > 0) throw validationError(issues, { entity: 'activity' })
}
