import type { Messages } from './messages.js'

/** What an element can say: English at once, every other language as a module that is loaded when needed. */
export interface Texts {
  readonly en: Messages
  readonly zh: () => Promise<Messages>
}

/** An element's messages with the language they are written in. */
export interface Catalogue {
  readonly language: string
  readonly messages: Messages
}

/** The languages that Rapport speaks. */
export const languages = ['en', 'zh'] as const

const loaded = new WeakMap<Texts, Catalogue>()

/** The catalogue for a locale if it is here already; English for languages we do not speak. */
export function catalogueOf(texts: Texts, locale: string): Catalogue | undefined {
  return isChinese(locale) ? loaded.get(texts) : { language: 'en', messages: texts.en }
}

/** Fetches the catalogue for a locale; English when its module cannot be loaded. Never rejects. */
export async function loadCatalogue(texts: Texts, locale: string): Promise<Catalogue> {
  const present = catalogueOf(texts, locale)
  if (present) return present
  const messages = await texts.zh().catch(() => undefined)
  const catalogue = messages ? { language: 'zh', messages } : { language: 'en', messages: texts.en }
  loaded.set(texts, catalogue)
  return catalogue
}

function isChinese(locale: string): boolean {
  return locale.split('-', 1)[0]!.toLowerCase() === 'zh'
}
