import { CrmError, invalidField, isCrmError } from '../kernel/crm-error.js'
import { instantOf } from '../kernel/instant.js'
import type { Row } from '../storage/row.js'
import type { Write } from '../storage/write.js'
import { stampOf } from './base-record.js'
import { authoriseChanges } from './commit-rights.js'
import { type JournaledRow, writesOf } from './commit-writes.js'
import type { CustomFieldEffects } from './custom-fields/custom-field-effects.js'
import type { DomainEvent } from './domain-event.js'
import type { EntityChange } from './entity-change.js'
import type { JournaledEvent } from './journal-entity.js'
import { planAliasChecks, readNamedAliases } from './record-alias.js'
import type { SessionContext } from './session-context.js'

/** Merges of one id follow one another slowly: this many in a row while a batch is written are none. */
const mostAttempts = 10

/** What a commit left behind. */
export interface CommitResult {
  /** The row as it stands after the commit, for created, updated, deleted and restored records. Throws when none was. */
  row(entity: string, id: string): Row
  readonly events: readonly DomainEvent[]
}

/**
 * Carries out a command: rights, journal, then **one** atomic batch; afterwards the events are published in this
 * process. Either everything is there or nothing is.
 *
 * Throws `access_denied`, `validation_failed`, `conflict` (a record changed since it was read, or a unique value is taken),
 * `rule_violated` (reason `merged`: the input names a record that was merged into another one) or what the storage throws.
 */
export async function commit(context: SessionContext, plan: readonly EntityChange[]): Promise<CommitResult> {
  await authoriseChanges(context, plan)
  const at = instantOf(context.clock.now())
  const effects = await customFieldEffects(context, plan, at)
  const changes = effects?.changes ?? plan
  const aliasChecks = planAliasChecks(context, changes)
  const searched = await searchTermsOf(context, changes)
  const { writes, rows, journal } = writesOf(context, [...changes, ...searched, ...aliasChecks], at)
  if (writes.length > 0) {
    try {
      await writeOnce(context, writes, journal).catch(async (error) => {
        if (aliasChecks.length === 0 || !isAliasInTheWay(error)) throw error
        await writeBeforeMerges(context, changes, writes, journal)
      })
    } catch (error) {
      throw explain(context, changes, effects?.explain(error) ?? error)
    }
  }
  if (effects) await settle(context, effects.stale)
  const events = (): DomainEvent[] => journal.flatMap((entry) => eventsOf(context, entry))
  if (!context.joinsHostTransaction && context.hub.isHeard) context.hub.publish(events())
  return {
    row(entity, id) {
      const row = rows.get(entity, id)
      if (!row) throw new TypeError(`${entity} ${id} was not part of the commit`)
      return row
    },
    get events() {
      return events()
    },
  }
}

/** What follows from custom fields, where a tenant has fields from which something follows; the code for it is loaded then. */
async function customFieldEffects(
  context: SessionContext,
  changes: readonly EntityChange[],
  at: string,
): Promise<CustomFieldEffects | undefined> {
  const isRecord = ({ kind, entity }: EntityChange): boolean =>
    kind !== 'derive' && kind !== 'require' && kind !== 'project' && context.registry.get(entity).kind === 'record'
  if (!changes.some(isRecord)) return undefined
  const fields = await context.customFields.all(context.storage, context.tenantId)
  if (!fields.haveEffects) return undefined
  const { planCustomFieldEffects } = await import('./custom-fields/custom-field-effects.js')
  return planCustomFieldEffects(context, changes, fields, at)
}

/** Computes roll-ups. The command is carried out already, and what cannot be computed now stays noted for the next tick. */
async function settle(context: SessionContext, records: readonly string[]): Promise<void> {
  if (records.length === 0) return
  const { settleRollUps } = await import('./custom-fields/settle-roll-ups.js')
  try {
    await settleRollUps(context, records)
  } catch (error) {
    if (context.joinsHostTransaction || !isCrmError(error)) throw error
  }
}

/** The search terms that follow from the changes; what makes them is loaded with the first record that is searched. */
async function searchTermsOf(context: SessionContext, changes: readonly EntityChange[]): Promise<EntityChange[]> {
  if (!changes.some(({ entity }) => context.registry.get(entity).search)) return []
  const { planSearchTerms } = await loadSearchPlanning()
  return planSearchTerms(context, changes)
}

type SearchPlanning = typeof import('./search/plan-search-terms.js')
let searchPlanning: Promise<SearchPlanning> | undefined

/** Asking a runtime for a module again costs more than a commit's other steps, so it is asked once. */
function loadSearchPlanning(): Promise<SearchPlanning> {
  searchPlanning ??= import('./search/plan-search-terms.js').catch((error: unknown) => {
    searchPlanning = undefined
    throw error
  })
  return searchPlanning
}

/**
 * Writes the batch. When the connection broke while committing, nobody knows the outcome: the journal entry's id, made here,
 * tells whether the batch is there.
 */
async function writeOnce(
  context: SessionContext,
  writes: readonly Write[],
  journal: readonly JournaledRow[],
): Promise<void> {
  try {
    // Made above and changed by nobody; what it shares with the plan is not changed either.
    await context.storage.write(writes, { owned: true })
  } catch (error) {
    const witness = journal[0]
    if (witness && isCrmError(error, 'storage_failed') && error.details.reason === 'unknown_outcome') {
      const found = await isWritten(context, witness)
      if (found === undefined) throw error
      if (found) return
      throw new CrmError(
        'storage_failed',
        error.message,
        { ...error.details, reason: 'not_written', retriable: true },
        { cause: error },
      )
    }
    throw error
  }
}

/**
 * Writes under ids whose merges have begun but are not complete: these move what is there by then, so the batch is written only while
 * each alias is as it was read. Throws `rule_violated` (reason `merged`) once one of them is complete.
 */
async function writeBeforeMerges(
  context: SessionContext,
  changes: readonly EntityChange[],
  writes: readonly Write[],
  journal: readonly JournaledRow[],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { merged, pending } = await readNamedAliases(context, changes)
    if (merged) throw merged
    const checked = writes.map((write) =>
      write.do === 'check' && write.entity === 'recordAlias'
        ? { ...write, is: pending.get(write.id) ?? ('absent' as const) }
        : write,
    )
    try {
      return await writeOnce(context, checked, journal)
    } catch (error) {
      if (attempt === mostAttempts || !isAliasInTheWay(error)) throw error
    }
  }
}

/** Whether an entry is there; `undefined` when the storage cannot be asked either. */
async function isWritten(context: SessionContext, { row }: JournaledRow): Promise<boolean | undefined> {
  try {
    const [found] = await context.storage.getMany('journal', [row.id])
    return found !== undefined
  } catch {
    return undefined
  }
}

function isAliasInTheWay(error: unknown): boolean {
  return isCrmError(error, 'conflict') && error.details.reason === 'check' && error.details.entity === 'recordAlias'
}

/** Turns what the storage says of rows into words of the domain: which field names a missing record, which value is taken. */
function explain(context: SessionContext, changes: readonly EntityChange[], error: unknown): unknown {
  if (!isCrmError(error)) return error
  const { entity, id, reason } = error.details
  const isOvertaken = changes.some(
    (change) =>
      change.kind === 'require' && change.entity === entity && change.id === id && typeof change.is === 'number',
  )
  if (error.code === 'not_found' || (error.code === 'conflict' && reason === 'check' && !isOvertaken)) {
    const required = changes.find(
      (change) =>
        (change.kind === 'derive' || change.kind === 'require') &&
        change.namedBy &&
        change.entity === entity &&
        change.id === id,
    )
    const field = required && 'namedBy' in required ? required.namedBy : undefined
    if (field !== undefined && required?.kind === 'require' && required.is === 'absent') {
      const details = {
        ...error.details,
        ...context.registry.get(entity as string).uniqueRemedy,
        field,
        reason: 'suppressed',
      }
      return new CrmError('rule_violated', `${field}: a ${entity} forbids it`, details, { cause: error })
    }
    return field === undefined ? error : invalidField(field, `must be the id of a ${entity} of this tenant`)
  }
  const remedy = reason === 'unique' && entity ? context.registry.get(entity).uniqueRemedy : undefined
  if (!remedy) return error
  return new CrmError(
    'conflict',
    `${remedy.field}: another record has the same value`,
    { ...error.details, ...remedy },
    { cause: error },
  )
}

function eventsOf(context: SessionContext, { row }: JournaledRow): DomainEvent[] {
  return (row.events as JournaledEvent[]).map((event, index) => toDomainEvent(context.tenantId, row, event, index))
}

/** An event as subscribers see it, from the journal row that holds it. */
export function toDomainEvent(
  tenantId: string,
  row: Readonly<Record<string, unknown>>,
  event: JournaledEvent,
  index: number,
): DomainEvent {
  return {
    id: `${row.id as string}:${index}`,
    type: event.type,
    tenantId,
    actor: stampOf(row.actor as DomainEvent['actor']),
    occurredAt: row.at as string,
    entity: row.entity as string,
    recordId: row.recordId as string,
    version: row.recordVersion as number,
    data: event.data ?? {},
  }
}
