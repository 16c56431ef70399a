import type {
  CustomerCardGateway,
  CustomerTableGateway,
  CustomerView,
  TicketFormGateway,
  TicketListGateway,
  TicketRecord,
} from '@rapport/widgets'
import { sampleCustomers } from './sample-customers.js'
import { sampleMessages } from './sample-view.js'

/** A call that never ends. */
export const never = (): Promise<never> => new Promise(() => {})

/** A call that fails as the HTTP client would. */
export function fails(
  code: string,
  facts: { readonly status?: number; readonly retryAfterMs?: number } = {},
): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(code), { code, ...facts }))
}

/** Serves invented customers page by page. */
export function tableGateway(total: number, find?: CustomerTableGateway['contacts']['find']): CustomerTableGateway {
  const all = sampleCustomers(total)
  const page: CustomerTableGateway['contacts']['find'] = async ({ limit = 500, cursor = '0' }) => {
    const end = Number(cursor) + limit
    return { items: all.slice(Number(cursor), end), ...(end < total && { cursor: String(end) }) }
  }
  return { contacts: { find: find ?? page } }
}

/** Serves one view. */
export function cardGateway(view: CustomerView | (() => Promise<CustomerView>)): CustomerCardGateway {
  return { contacts: { view360: typeof view === 'function' ? view : async () => view } }
}

/** Takes every ticket, or answers as told. */
export function formGateway(open?: TicketFormGateway['tickets']['open']): TicketFormGateway {
  return { tickets: { open: open ?? (async () => ({ id: 't-9', number: 1043 })) } }
}

/** Serves tickets with the sample conversation; single calls can be replaced. */
export function listGateway(
  items: readonly TicketRecord[],
  calls: Partial<TicketListGateway['tickets']> = {},
): TicketListGateway {
  return {
    tickets: {
      find: async () => ({ items }),
      messages: async () => ({ items: sampleMessages }),
      reply: async () => ({}),
      ...calls,
    },
  }
}
