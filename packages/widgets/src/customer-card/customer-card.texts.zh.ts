import type { Messages } from '../localisation/messages.js'
import { common } from '../localisation/zh/common.js'
import { customer } from '../localisation/zh/customer.js'
import { customerCard } from '../localisation/zh/customer-card.js'

/** What `<rapport-customer-card>` says in Chinese. */
export const customerCardTextsZh: Messages = { ...common, ...customer, ...customerCard }
