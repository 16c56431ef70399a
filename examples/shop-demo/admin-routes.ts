import { type Crm, type CrmSession, isCrmError } from '@rapport/core'
import type { Answer } from './answer.js'
import type { DemoFacts } from './demo-facts.js'
import { demoMember } from './demo-tokens.js'
import { adminPage } from './pages/admin-page.js'
import type { AdminFrame } from './pages/admin-shell.js'
import { confirmedPage, confirmPage } from './pages/confirm-page.js'
import { customerPage } from './pages/customer-page.js'
import { duplicatesPage } from './pages/duplicates-page.js'
import { importPage } from './pages/import-page.js'
import { mergesPage, type NamedMerge } from './pages/merges-page.js'
import { refusalPage } from './pages/small-pages.js'
import type { CdnowPurchase } from './read-cdnow.js'
import { findingsReader } from './score-findings.js'

const mergesShown = 50
const mostNamed = 1_000

/** What the back office works with. */
export interface AdminRoutesOptions {
  readonly crm: Crm
  readonly tenantId: string
  readonly facts: DemoFacts
  readonly purchases: readonly CdnowPurchase[]
}

/** The pages of the back office, and the one where customers confirm what staff asked them. */
export interface AdminRoutes {
  /** By method and path. */
  readonly pages: Readonly<Record<string, Answer>>
  /** `GET /admin/customers/:id` */
  customer(id: string): Promise<Response>
}

/** Routes of the back office. */
export function adminRoutes({ crm, tenantId, facts, purchases }: AdminRoutesOptions): AdminRoutes {
  const readFindings = findingsReader(purchases)
  const staff = () => crm.session({ tenantId, actor: demoMember })

  async function frame(): Promise<AdminFrame> {
    const openTickets = await staff().tickets.count({
      where: { not: { category: { in: ['resolved', 'closed', 'merged', 'spam'] } } },
    })
    return { memberName: demoMember.name ?? '', openTickets }
  }

  /** The token says who confirms: it was sent to that person alone. */
  async function confirm(request: Request): Promise<Response> {
    const token = new URLSearchParams(await request.text()).get('token') ?? ''
    const { consents } = crm.session({ tenantId, actor: { type: 'system', id: 'shop' } })
    try {
      await consents.confirmOptIn(token)
      return confirmedPage()
    } catch (error) {
      if (!isCrmError(error)) throw error
      return refusalPage(410, 'This link is used up', 'It holds for 48 hours. Ask us for another one.')
    }
  }

  return {
    pages: {
      'GET /admin': async () => adminPage({ facts, findings: await readFindings(staff()), ...(await frame()) }),
      'GET /admin/import': async () => importPage(await frame()),
      'GET /admin/duplicates': async () => duplicatesPage(await frame()),
      'GET /admin/merges': async () => mergesPage(await namedMerges(staff()), await frame()),
      'GET /consent/confirm': (request) => confirmPage(new URL(request.url).searchParams.get('token') ?? ''),
      'POST /consent/confirm': confirm,
    },
    async customer(id) {
      try {
        const { contacts } = staff()
        return customerPage(await contacts.get(await contacts.resolveId(id)), await frame())
      } catch (error) {
        if (!isCrmError(error, 'not_found')) throw error
        return refusalPage(404, 'Nobody here', 'There is no customer at this address any more.')
      }
    },
  }
}

/** The newest merges of customers. Who was merged is not found any more, but the record is still there. */
async function namedMerges({ merges, contacts }: CrmSession): Promise<NamedMerge[]> {
  const { items } = await merges.find({
    where: { objectType: 'contact' },
    orderBy: ['-createdAt'],
    limit: mergesShown,
  })
  const ids = [...new Set(items.flatMap(({ survivorId, mergedIds }) => [survivorId, ...mergedIds]))]
  const found = await contacts.getMany(ids.slice(0, mostNamed), { includeDeleted: true })
  const names = new Map(found.flatMap((contact) => (contact ? [[contact.id, contact.fullName] as const] : [])))
  const nameOf = (id: string): string => names.get(id) ?? 'Erased customer'
  return items.map((merge) => ({
    merge,
    survivor: nameOf(merge.survivorId),
    merged: merge.mergedIds.map(nameOf),
  }))
}
