import type { Crm } from '@rapport/core'
import { refusalPage } from './pages/small-pages.js'
import { sourceRegion } from './pages/source-region.js'
import { type OwnOrders, type RecipeStep, type ShopCustomer, storefrontPage } from './pages/storefront-page.js'
import type { ShopSessions } from './shop-sessions.js'

/** The shop's own pages: Rapport has no part in them but the orders it reads. */
export interface StorefrontRoutes {
  /** `GET /` */
  show(request: Request): Promise<Response>
  /** `POST /session` */
  signIn(request: Request): Promise<Response>
  /** `POST /session/end` */
  signOut(request: Request): Response
}

/** What the shop works with. */
export interface StorefrontOptions {
  readonly crm: Crm
  readonly tenantId: string
  readonly customers: readonly ShopCustomer[]
  readonly sessions: ShopSessions
  /** Folder of the example as a file URL that ends in a slash; the recipe is read from its sources. */
  readonly exampleFolder: URL
}

const ordersShown = 6

/** Routes of the record shop. */
export function storefrontRoutes(options: StorefrontOptions): StorefrontRoutes {
  const { crm, tenantId, customers, sessions, exampleFolder } = options
  const recipe = recipeOf(exampleFolder)

  async function ordersOf(contactId: string): Promise<OwnOrders> {
    // The session is the customer's own, so it reaches that customer's orders and no others.
    const { orders } = crm.session({ tenantId, actor: { type: 'contact', id: contactId } })
    const [page, count] = await Promise.all([
      orders.find({ orderBy: ['-placedAt'], limit: ordersShown }),
      orders.count(),
    ])
    return { latest: page.items, count }
  }

  return {
    async show(request) {
      const contactId = sessions.contactOf(request)
      const customer = customers.find((one) => one.contactId === contactId)
      const signedIn = customer && { customer, orders: await ordersOf(customer.contactId) }
      const ticketSent = new URL(request.url).searchParams.get('ticket') === 'sent'
      return storefrontPage({ customers, recipe, ticketSent, ...(signedIn && { signedIn }) })
    },
    // #region login
    async signIn(request) {
      const form = new URLSearchParams(await request.text())
      const customer = customers.find(({ customerId }) => String(customerId) === form.get('customer'))
      // A shop checks the password here.
      if (customer === undefined) return refusalPage(403, 'Nobody of that name', 'Choose one of the customers shown.')
      return seeShop(sessions.begin(customer.contactId))
    },
    // #endregion
    signOut: (request) => seeShop(sessions.end(request)),
  }
}

function seeShop(cookie: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location: '/', 'set-cookie': cookie, 'cache-control': 'no-store' },
  })
}

function recipeOf(folder: URL): RecipeStep[] {
  const region = (file: string, name: string): Pick<RecipeStep, 'file' | 'code'> => ({
    file,
    code: sourceRegion(new URL(file, folder), name),
  })
  return [
    {
      title: 'The shop signs its customer in',
      text: 'As it always did. Rapport has no accounts and needs none; the session remembers which contact this is.',
      ...region('storefront-routes.ts', 'login'),
    },
    {
      title: 'A route mints the token',
      text: 'It reads the shop’s session and nothing else of the request, so nobody can ask for somebody else’s token.',
      ...region('demo-tokens.ts', 'token'),
    },
    {
      title: 'The API checks it',
      text: 'One handler of Request and Response, on any runtime. Customers reach what is theirs; everything else is not found.',
      ...region('site.ts', 'api'),
    },
    {
      title: 'The page uses the widgets',
      text: 'Two elements and one client. Styles come with them, and the page forbids all others.',
      ...region('browser/storefront.ts', 'widgets'),
    },
  ]
}
