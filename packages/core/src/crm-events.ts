import type { AssociationEvents, ConsentEvents } from './customers/index.js'
import type { MergeEvents } from './data-quality/index.js'
import type { VisitorEvents } from './engagement/index.js'
import type { DomainEvent, RecordEvents } from './entity/domain-event.js'
import type { RunEvents } from './entity/run-events.js'
import type { OwnershipEvents } from './ownership/index.js'
import type { OrderEvents } from './sales/index.js'
import type { ErasureEvents } from './security/index.js'
import type { TicketEvents } from './support/index.js'

type JournaledEntity =
  | 'contact'
  | 'company'
  | 'association'
  | 'associationType'
  | 'contactGroup'
  | 'externalData'
  | 'optionList'
  | 'consent'
  | 'consentRequest'
  | 'suppression'
  | 'erasure'
  | 'legalHold'
  | 'retentionPolicy'
  | 'order'
  | 'activity'
  | 'visitor'
  | 'visitorConsent'
  | 'segment'
  | 'segmentMember'
  | 'ticket'
  | 'conversation'
  | 'message'
  | 'run'
  | 'customField'
  | 'savedView'
  | 'tenant'
  | 'member'
  | 'team'
  | 'poolPolicy'
  | 'recycleRule'
  | 'mergeRecord'
  | 'duplicate'

/** The catalogue of events: what is in `data`, by type. Every record has `created`, `updated`, `deleted` and `restored`. */
export type CrmEvents = RecordEvents<JournaledEntity> &
  AssociationEvents &
  ConsentEvents &
  ErasureEvents &
  MergeEvents &
  OrderEvents &
  OwnershipEvents &
  RunEvents &
  TicketEvents &
  VisitorEvents

/** Name of an event. */
export type CrmEventType = keyof CrmEvents & string

/** An event of the catalogue; of one type when it is named. */
export type CrmEvent<Type extends CrmEventType = CrmEventType> = {
  [Each in Type]: DomainEvent<Each, CrmEvents[Each]>
}[Type]
