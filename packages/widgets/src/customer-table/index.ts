export type { CustomerColumn, CustomerColumnKind } from './customer-column.js'
export { defaultCustomerColumns } from './customer-column.js'
export { RapportCustomerTable } from './customer-table.js'
