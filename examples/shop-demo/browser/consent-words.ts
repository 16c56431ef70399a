import type { Consent, ConsentReason } from '@rapport/core'

/** For what and through which channel. */
export interface ConsentCell {
  readonly purpose: string
  readonly channel: Consent['channel']
}

/** Channels that the shop uses. */
export const channels: readonly Consent['channel'][] = ['email', 'sms', 'phone', 'post']

/** Purposes that the shop asks for. */
export const purposes: readonly string[] = ['newsletter', 'order updates', 'catalogue']

const channelNames: Readonly<Record<Consent['channel'], string>> = {
  email: 'E-mail',
  sms: 'Text message',
  phone: 'Phone',
  web: 'Web',
  post: 'Post',
  social: 'Social media',
}

const reasonNames: Readonly<Record<ConsentReason, string>> = {
  granted: 'Yes',
  no_statement: 'Nothing said',
  denied: 'No',
  revoked: 'Taken back',
  not_yet_valid: 'Not yet',
  expired: 'Expired',
  not_confirmed: 'Not confirmed',
}

const statusNames: Readonly<Record<Consent['status'], string>> = {
  granted: 'Yes',
  denied: 'No',
  revoked: 'Taken back',
}

/** A purpose as a heading: `order updates` as `Order updates`. */
export const purposeWords = (purpose: string): string => purpose.charAt(0).toUpperCase() + purpose.slice(1)

/** A channel as staff calls it. */
export const channelWords = (channel: Consent['channel']): string => channelNames[channel]

/** What holds, in a word or two. */
export const reasonWords = (reason: ConsentReason): string => reasonNames[reason]

/** What a statement said. */
export const statusWords = (status: Consent['status']): string => statusNames[status]

/** Look of what holds. */
export function reasonLook(reason: ConsentReason): string {
  if (reason === 'granted') return 'chip chip-resolved'
  return reason === 'no_statement' ? 'chip' : 'chip chip-urgent'
}
