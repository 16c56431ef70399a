import type { Route } from '../route.js'
import { createRoute, readRoutes } from './record-routes.js'

/** Orders. They are recorded as they happened elsewhere, so they are created and read. */
export const salesRoutes: readonly Route[] = [
  ...readRoutes('orders', (session) => session.orders, { status: 'text', contactId: 'text', companyId: 'text' }),
  createRoute('orders', (session, input) => session.orders.record(input)),
]
