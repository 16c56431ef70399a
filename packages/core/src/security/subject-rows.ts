import type { SessionContext } from '../entity/session-context.js'
import { throwIfAborted } from '../kernel/crm-error.js'
import type { Filter } from '../storage/filter.js'
import type { Path, Row } from '../storage/row.js'

const pageSize = 500

/** Rows by page in the order of the id, deleted ones too. */
export async function* pagesOf(
  context: SessionContext,
  entity: string,
  where?: Filter,
  options: { readonly fields?: readonly Path[]; readonly signal?: AbortSignal } = {},
): AsyncGenerator<readonly Row[]> {
  for (let after: readonly [string] | undefined; ; ) {
    throwIfAborted(options.signal)
    const page = await context.storage.find({
      entity,
      ...(where && { where }),
      order: ['id'],
      limit: pageSize,
      ...(options.fields && { fields: options.fields }),
      ...(after && { after }),
    })
    if (page.rows.length > 0) yield page.rows
    const last = page.rows.at(-1)
    if (page.done || !last) return
    after = [last.id]
  }
}

/** A list in parts of at most `size`. */
export function partsOf<T>(items: Iterable<T>, size: number): T[][] {
  const all = [...items]
  return Array.from({ length: Math.ceil(all.length / size) }, (_, part) => all.slice(part * size, (part + 1) * size))
}
