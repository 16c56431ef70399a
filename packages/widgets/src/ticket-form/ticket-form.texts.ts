import type { Texts } from '../localisation/catalogue.js'
import { common } from '../localisation/en/common.js'
import { submission } from '../localisation/en/submission.js'
import { ticketForm } from '../localisation/en/ticket-form.js'

/** What `<rapport-ticket-form>` says. Chinese is a module of its own. */
export const ticketFormTexts: Texts = {
  en: { ...common, ...submission, ...ticketForm },
  zh: () => import('./ticket-form.texts.zh.js').then((module) => module.ticketFormTextsZh),
}
