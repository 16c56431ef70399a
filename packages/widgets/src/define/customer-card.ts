import { RapportCustomerCard } from '../customer-card/index.js'
import { defineElement } from './define-element.js'

defineElement('rapport-customer-card', RapportCustomerCard)
