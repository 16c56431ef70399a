export { RapportTicketForm } from './ticket-form.js'
