import { RapportCustomerTable } from '../customer-table/index.js'
import { defineElement } from './define-element.js'

defineElement('rapport-customer-table', RapportCustomerTable)
