import type { Texts } from '../localisation/catalogue.js'
import { common } from '../localisation/en/common.js'
import { customer } from '../localisation/en/customer.js'
import { customerCard } from '../localisation/en/customer-card.js'

/** What `<rapport-customer-card>` says. Chinese is a module of its own. */
export const customerCardTexts: Texts = {
  en: { ...common, ...customer, ...customerCard },
  zh: () => import('./customer-card.texts.zh.js').then((module) => module.customerCardTextsZh),
}
