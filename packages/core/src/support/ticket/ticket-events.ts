/** What happens to tickets, by type of event: ids and numbers, never personal values. */
export type TicketEvents = {
  'ticket.opened': { readonly contactId: string; readonly number: number }
  /** The customer wrote. */
  'ticket.customer_replied': { readonly contactId: string }
  /** Staff answered in public. */
  'ticket.agent_replied': { readonly contactId: string }
  'ticket.assigned': { readonly contactId: string }
  'ticket.snoozed': { readonly contactId: string }
  'ticket.resolved': { readonly contactId: string }
  'ticket.closed': { readonly contactId: string }
  'ticket.reopened': { readonly contactId: string }
}
