/** What happens to visitors, by type of event. */
export type VisitorEvents = {
  /** A verified claim linked a visitor, and all that happened there, to a contact. */
  'visitor.identified': { readonly contactId: string }
}
