import type { common } from './en/common.js'
import type { customer } from './en/customer.js'
import type { customerCard } from './en/customer-card.js'
import type { customerTable } from './en/customer-table.js'
import type { submission } from './en/submission.js'
import type { ticketForm } from './en/ticket-form.js'
import type { ticketList } from './en/ticket-list.js'

/** A message that depends on a count: one text per plural category of the language, `other` always. */
export type PluralMessage = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>

/** A message, with `{name}` where a value goes. */
export type Message = string | PluralMessage

/** The key of every text that some element can show. */
export type MessageKey =
  | keyof typeof common
  | keyof typeof customer
  | keyof typeof customerCard
  | keyof typeof customerTable
  | keyof typeof submission
  | keyof typeof ticketForm
  | keyof typeof ticketList

/** The texts that one element needs, in one language. */
export type Messages = Readonly<Partial<Record<MessageKey, Message>>>

/** The shape of a translation: the keys of the English texts, no fewer and no more. */
export type TextsLike<English> = Readonly<Record<keyof English, Message>>
