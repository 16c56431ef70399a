import type { Texts } from '../localisation/catalogue.js'
import { common } from '../localisation/en/common.js'
import { submission } from '../localisation/en/submission.js'
import { ticketList } from '../localisation/en/ticket-list.js'

/** What `<rapport-ticket-list>` says. Chinese is a module of its own. */
export const ticketListTexts: Texts = {
  en: { ...common, ...submission, ...ticketList },
  zh: () => import('./ticket-list.texts.zh.js').then((module) => module.ticketListTextsZh),
}
