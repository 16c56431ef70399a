import type { Row } from '../storage/row.js'
import type { ActorStamp } from './base-record.js'
import { eventCommitment, fieldCommitment } from './journal-chain.js'
import type { JournaledEvent, JournaledField } from './journal-entity.js'

/** What of journal entries is to be forgotten. */
export interface JournalErasure {
  /** Whether the values of a field are, the one before and the one after. */
  erasesValues(field: string, before: unknown, after: unknown): boolean
  /** Whether the payload of an event is. */
  erasesPayload(data: unknown): boolean
  /** Whether the name of an actor is. */
  isSubject(actor: ActorStamp): boolean
}

/** A changed field whose values are gone; its commitment takes their place, so the chain still verifies. */
export function withoutFieldValue(each: JournaledField): JournaledField {
  return { field: each.field, commitment: fieldCommitment(each) }
}

/** Whether an event's payload was erased. It is delivered to nobody any more. */
export function isErasedEvent(event: JournaledEvent): boolean {
  return event.salt === undefined
}

/**
 * The fields of a journal entry to write anew, so that it holds nothing that is to be forgotten; `undefined` when it holds nothing.
 * The events of an entry that is written anew lose their payload, and with it their delivery: the change feed shows the entry again.
 */
export function eraseJournalEntry(row: Row, erasure: JournalErasure): Readonly<Record<string, unknown>> | undefined {
  const fields = row.changes as JournaledField[]
  const events = row.events as JournaledEvent[]
  const actor = row.actor as ActorStamp
  const erased = fields.map((each) =>
    each.salt !== undefined && erasure.erasesValues(each.field, each.before, each.after)
      ? withoutFieldValue(each)
      : each,
  )
  const loses = erased.some((each, index) => each !== fields[index])
  const named = actor.name !== undefined && erasure.isSubject(actor)
  const payloads = events.map((event) =>
    event.salt !== undefined && (loses || named || erasure.erasesPayload(event.data))
      ? { type: event.type, commitment: eventCommitment(event) }
      : event,
  )
  const told = payloads.some((event, index) => event !== events[index])
  if (!loses && !told && !named) return undefined
  const { name: _, ...nameless } = actor
  return { ...(loses && { changes: erased }), ...(told && { events: payloads }), ...(named && { actor: nameless }) }
}
