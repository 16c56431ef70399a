import { en } from './en.js'
import type { Messages } from './messages.js'

/** A language's messages with the tag they are written in. */
export interface Catalogue {
  readonly language: string
  readonly messages: Messages
}

const english: Catalogue = { language: 'en', messages: en }

const loaders: Readonly<Record<string, () => Promise<Messages>>> = {
  zh: () => import('./zh.js').then((module) => module.zh),
}

const loaded = new Map<string, Catalogue>([['en', english]])

/** The languages that Rapport speaks. */
export const languages: readonly string[] = ['en', ...Object.keys(loaders)]

/** The catalogue for a locale if it is here already; English for languages we do not speak. */
export function catalogueOf(locale: string): Catalogue | undefined {
  const language = languageOf(locale)
  return language in loaders ? loaded.get(language) : english
}

/** Fetches the catalogue for a locale; English when its module cannot be loaded. Never rejects. */
export async function loadCatalogue(locale: string): Promise<Catalogue> {
  const language = languageOf(locale)
  const present = catalogueOf(locale)
  if (present) return present
  const messages = await loaders[language]?.().catch(() => undefined)
  const catalogue = messages ? { language, messages } : english
  loaded.set(language, catalogue)
  return catalogue
}

function languageOf(locale: string): string {
  return locale.split('-', 1)[0]!.toLowerCase()
}
