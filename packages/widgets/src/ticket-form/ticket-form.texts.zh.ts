import type { Messages } from '../localisation/messages.js'
import { common } from '../localisation/zh/common.js'
import { submission } from '../localisation/zh/submission.js'
import { ticketForm } from '../localisation/zh/ticket-form.js'

/** What `<rapport-ticket-form>` says in Chinese. */
export const ticketFormTextsZh: Messages = { ...common, ...submission, ...ticketForm }
