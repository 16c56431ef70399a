import { RapportTicketForm } from '../ticket-form/index.js'
import { defineElement } from './define-element.js'

defineElement('rapport-ticket-form', RapportTicketForm)
