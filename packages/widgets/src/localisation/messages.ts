import type { en } from './en.js'

/** A message that depends on a count: one text per plural category of the language, `other` always. */
export type PluralMessage = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>

/** A message, with `{name}` where a value goes. */
export type Message = string | PluralMessage

/** The key of every text that an element can show. */
export type MessageKey = keyof typeof en

/** A complete set of texts in one language. */
export type Messages = Readonly<Record<MessageKey, Message>>
