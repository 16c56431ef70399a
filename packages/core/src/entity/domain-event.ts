import type { ActorStamp } from './base-record.js'

/** What a planner says happened; the commit adds who, when and where. `data` holds ids and codes, never personal values. */
export interface PlannedEvent {
  /** `entity.past_tense`, such as `ticket.opened`. */
  readonly type: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** Something that happened, after it was committed. */
export interface DomainEvent<Type extends string = string, Data = Readonly<Record<string, unknown>>> {
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
  readonly data: Data
}

/** What happens to every record, by type of event. */
export type RecordEvents<Entity extends string> = {
  readonly [Type in `${Entity}.${'created' | 'deleted' | 'restored'}`]: Readonly<Record<never, unknown>>
} & {
  /** Paths of the fields that changed. */
  readonly [Type in `${Entity}.updated`]: { readonly fields: readonly string[] }
}
