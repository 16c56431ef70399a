import type { ActorStamp } from './base-record.js'

/** What a planner says happened; the commit adds who, when and where. `data` holds ids and codes, never personal values. */
export interface PlannedEvent {
  /** `entity.past_tense`, such as `ticket.opened`. */
  readonly type: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** Something that happened, after it was committed. */
export interface DomainEvent<Type extends string = string> {
  /** Id of the event: the journal entry's id and the position within it. */
  readonly id: string
  readonly type: Type
  readonly tenantId: string
  readonly actor: ActorStamp
  readonly occurredAt: string
  readonly entity: string
  readonly recordId: string
  /** Version of the record after the change. */
  readonly version: number
  readonly data: Readonly<Record<string, unknown>>
}

/** A catalogue: what is in `data`, by type of event. Each domain contributes its own. */
export type EventCatalogue = Readonly<Record<string, Readonly<Record<string, unknown>>>>
