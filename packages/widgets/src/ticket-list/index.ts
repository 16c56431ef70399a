export { RapportTicketList } from './ticket-list.js'
