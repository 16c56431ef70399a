export { type NewOrder, type Order, type OrderPatch, orderEntity } from './order/order-entity.js'
export type { OrderEvents } from './order/order-events.js'
export { countsAsPurchase, netAmountMinor } from './order/order-rules.js'
export { createOrderService, type OrderService } from './order/order-service.js'
