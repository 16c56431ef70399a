/** What happens to orders, by type of event. */
export type OrderEvents = {
  /** A purchase became known. */
  'order.recorded': { readonly contactId: string }
}
