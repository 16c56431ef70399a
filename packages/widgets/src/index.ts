export { RapportCustomerCard } from './customer-card/index.js'
export {
  type CustomerColumn,
  type CustomerColumnKind,
  defaultCustomerColumns,
  RapportCustomerTable,
} from './customer-table/index.js'
export type {
  CallOptions,
  CustomerCardGateway,
  CustomerRecord,
  CustomerTableGateway,
  CustomerView,
  ListQuery,
  MessageRecord,
  Page,
  TicketDraft,
  TicketFormGateway,
  TicketListGateway,
  TicketRecord,
} from './element/gateway.js'
export type { LoadStateKind } from './element/load-state.js'
export type { RapportElement } from './element/rapport-element.js'
export type { RapportEventMap } from './element/rapport-events.js'
export type { Texts } from './localisation/catalogue.js'
export type { Localiser } from './localisation/localiser.js'
export { RapportTicketForm } from './ticket-form/index.js'
export { RapportTicketList } from './ticket-list/index.js'
