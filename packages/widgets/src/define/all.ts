import './customer-card.js'
import './customer-table.js'
import './ticket-form.js'
import './ticket-list.js'
