export {
  type Conversation,
  conversationEntity,
  type Message,
  messageEntity,
} from './conversation/conversation-entity.js'
export {
  type TicketCategory,
  ticketCategories,
  ticketChannels,
  ticketPriorities,
  ticketTypes,
} from './ticket/ticket.js'
export { type NewTicket, type Ticket, type TicketPatch, ticketEntity } from './ticket/ticket-entity.js'
export type { TicketEvents } from './ticket/ticket-events.js'
export { createTicketService, type Reply, type TicketService } from './ticket/ticket-service.js'
