import type { Messages } from '../localisation/messages.js'
import { common } from '../localisation/zh/common.js'
import { submission } from '../localisation/zh/submission.js'
import { ticketList } from '../localisation/zh/ticket-list.js'

/** What `<rapport-ticket-list>` says in Chinese. */
export const ticketListTextsZh: Messages = { ...common, ...submission, ...ticketList }
