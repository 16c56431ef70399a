/** What a person said about being contacted: for which purpose, through which channel. */
export type ConsentStated = {
  readonly contactId: string
  readonly purpose: string
  readonly channel: string
}

/** Statements of consent, by type of event. */
export type ConsentEvents = {
  'consent.granted': ConsentStated
  'consent.revoked': ConsentStated
  'consent.denied': ConsentStated
}
