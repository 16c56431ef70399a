import { common } from '../src/localisation/en/common.js'
import { customer } from '../src/localisation/en/customer.js'
import { customerCard } from '../src/localisation/en/customer-card.js'
import { customerTable } from '../src/localisation/en/customer-table.js'
import { submission } from '../src/localisation/en/submission.js'
import { ticketForm } from '../src/localisation/en/ticket-form.js'
import { ticketList } from '../src/localisation/en/ticket-list.js'
import { createLocaliser, type Localiser } from '../src/localisation/localiser.js'

const messages = {
  ...common,
  ...customer,
  ...customerCard,
  ...customerTable,
  ...submission,
  ...ticketForm,
  ...ticketList,
}

/** A localiser that has the English texts of all elements. */
export function englishLocaliser(locale = 'en', timeZone?: string): Localiser {
  return createLocaliser(locale, { language: 'en', messages }, timeZone)
}
