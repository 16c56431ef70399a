import type { CustomerRecord, CustomerTableGateway } from '../element/gateway.js'

/** What has been loaded after a page. */
export interface CustomerProgress {
  readonly records: readonly CustomerRecord[]
  /** Whether the server has more than the table may hold. */
  readonly limited: boolean
}

/**
 * Loads customers page by page and yields everything loaded so far after each page, up to `maxRows`.
 */
export async function* customerPages(
  client: CustomerTableGateway,
  options: { readonly pageSize: number; readonly maxRows: number; readonly signal: AbortSignal },
): AsyncGenerator<CustomerProgress> {
  const records: CustomerRecord[] = []
  let cursor: string | undefined
  do {
    const limit = Math.min(options.pageSize, options.maxRows - records.length)
    const page = await client.contacts.find({ limit, ...(cursor && { cursor }) }, { signal: options.signal })
    records.push(...page.items)
    cursor = page.items.length > 0 ? page.cursor : undefined
    yield { records: [...records], limited: cursor !== undefined && records.length >= options.maxRows }
  } while (cursor !== undefined && records.length < options.maxRows)
}
