import type { Crm } from '@rapport/core'
import { createHttpHandler } from '@rapport/http'
import { adminRoutes } from './admin-routes.js'
import type { Answer } from './answer.js'
import type { DemoFacts } from './demo-facts.js'
import { createDemoTokens } from './demo-tokens.js'
import { isOfOwnOrigin } from './own-requests.js'
import { refusalPage } from './pages/small-pages.js'
import type { ShopCustomer } from './pages/storefront-page.js'
import type { CdnowPurchase } from './read-cdnow.js'
import { createShopSessions } from './shop-sessions.js'
import type { StaticFiles } from './static-files.js'
import { storefrontRoutes } from './storefront-routes.js'

/** What the site needs once everything is imported. */
export interface SiteOptions {
  readonly crm: Crm
  readonly tenantId: string
  readonly facts: DemoFacts
  /** The log that the customers come from. */
  readonly purchases: readonly CdnowPurchase[]
  readonly customers: readonly ShopCustomer[]
  /** What the browser loads. */
  readonly files: StaticFiles
  /** Folder of the example as a file URL that ends in a slash. */
  readonly exampleFolder: URL
  /** Hears of failures that nobody foresaw. */
  readonly onError: (error: unknown) => void
}

/** Storefront, back office, token routes and the API, as one function of a request. */
export function createSite(options: SiteOptions): Answer {
  const { crm, tenantId, facts, purchases, customers, files, exampleFolder, onError } = options
  const sessions = createShopSessions()
  const tokens = createDemoTokens(tenantId, sessions)
  const admin = adminRoutes({ crm, tenantId, facts, purchases })
  const shop = storefrontRoutes({ crm, tenantId, customers, sessions, exampleFolder })

  // #region api
  const api = createHttpHandler(crm, {
    authenticate: tokens.authenticate,
    origins: [], // Pages of other origins may not call. Yours may: ['https://shop.example']
    onError,
  })
  // #endregion

  const routes: Readonly<Record<string, Answer>> = {
    'GET /': shop.show,
    ...admin.pages,
    'GET /demo/facts': () => Response.json(facts, { headers: { 'cache-control': 'no-store' } }),
    'POST /session': shop.signIn,
    'POST /session/end': shop.signOut,
    'POST /session/rapport-token': tokens.forCustomer,
    'POST /demo/admin-token': tokens.forStaff,
  }

  return async (request) => {
    const { pathname } = new URL(request.url)
    // The API looks after itself: it tells origins apart, and wants a token.
    if (pathname.startsWith('/api/')) return api(request)
    if (request.method === 'POST' && !isOfOwnOrigin(request)) {
      return refusalPage(403, 'Not from here', 'This form was not sent by a page of this shop.')
    }
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const route = routes[`${method} ${pathname}`]
    if (route !== undefined) return route(request)
    const customer = method === 'GET' ? /^\/admin\/customers\/([\w-]{1,64})$/.exec(pathname)?.[1] : undefined
    if (customer !== undefined) return admin.customer(customer)
    const asset = method === 'GET' ? /^\/assets\/([\w.-]+)$/.exec(pathname)?.[1] : undefined
    return (
      (asset === undefined ? undefined : files(request, asset)) ??
      refusalPage(404, 'Not found', 'There is nothing at this address.')
    )
  }
}
