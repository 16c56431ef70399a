import type { Texts } from '../localisation/catalogue.js'
import { common } from '../localisation/en/common.js'
import { customer } from '../localisation/en/customer.js'
import { customerTable } from '../localisation/en/customer-table.js'

/** What `<rapport-customer-table>` says. Chinese is a module of its own. */
export const customerTableTexts: Texts = {
  en: { ...common, ...customer, ...customerTable },
  zh: () => import('./customer-table.texts.zh.js').then((module) => module.customerTableTextsZh),
}
