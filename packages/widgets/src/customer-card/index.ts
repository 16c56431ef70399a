export { RapportCustomerCard } from './customer-card.js'
