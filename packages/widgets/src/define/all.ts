import { RapportCustomerCard } from '../customer-card/index.js'
import { RapportCustomerTable } from '../customer-table/index.js'
import { RapportTicketForm } from '../ticket-form/index.js'
import { RapportTicketList } from '../ticket-list/index.js'
import { defineElement } from './define-element.js'

// Not by importing the four entries: a call that two entries share would be built into a chunk, and bundlers drop the side
// effects of everything that package.json does not name.
defineElement('rapport-customer-card', RapportCustomerCard)
defineElement('rapport-customer-table', RapportCustomerTable)
defineElement('rapport-ticket-form', RapportTicketForm)
defineElement('rapport-ticket-list', RapportTicketList)
