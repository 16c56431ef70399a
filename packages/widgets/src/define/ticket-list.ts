import { RapportTicketList } from '../ticket-list/index.js'
import { defineElement } from './define-element.js'

defineElement('rapport-ticket-list', RapportTicketList)
