import type { Messages } from '../localisation/messages.js'
import { common } from '../localisation/zh/common.js'
import { customer } from '../localisation/zh/customer.js'
import { customerTable } from '../localisation/zh/customer-table.js'

/** What `<rapport-customer-table>` says in Chinese. */
export const customerTableTextsZh: Messages = { ...common, ...customer, ...customerTable }
