import { isCrmError } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'
import type { Write } from '../../storage/write.js'
import { sameValue } from '../canonical-json.js'
import type { Entity } from '../entity.js'
import { retryOnConflict } from '../record-service.js'
import type { Checkpoint } from '../run-service.js'
import type { SessionContext } from '../session-context.js'
import { columnsOf } from './plan-search-terms.js'
import { noSearchColumns } from './search-columns.js'
import type { SearchIndexParams } from './search-index-params.js'

const batchSize = 500

/** Where a rebuild stands: in which entity, behind which id. */
interface Place {
  readonly entity: string
  readonly after?: string
}

/** Fills the terms of all records, in the order of their ids; what is right already is not written. */
export async function rebuildSearchTerms(
  context: SessionContext,
  { entities }: SearchIndexParams,
  checkpoint: Checkpoint,
): Promise<Readonly<Record<string, unknown>>> {
  // A field that became searchable a moment ago must be known here.
  context.customFields.forget(context.tenantId)
  const start = checkpoint.cursor as (Place & { readonly done: number; readonly written: number }) | undefined
  let done = start?.done ?? 0
  let written = start?.written ?? 0
  for (const name of entities.slice(start ? entities.indexOf(start.entity) : 0)) {
    const entity = context.registry.get(name)
    let after = start?.entity === name ? start.after : undefined
    for (;;) {
      const ids = await nextIds(context, name, after, checkpoint.signal)
      const last = ids.at(-1)
      if (last === undefined) break
      written += await retryOnConflict(() => fillTerms(context, entity, ids))
      done += ids.length
      after = last
      await checkpoint.save({ cursor: { entity: name, after, done, written }, done, counts: { written } })
    }
  }
  return { records: done, written }
}

async function nextIds(
  context: SessionContext,
  entity: string,
  after: string | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const page = await context.storage.find({
    entity,
    order: ['id'],
    limit: batchSize,
    fields: ['id'],
    signal,
    ...(after !== undefined && { after: [after] }),
  })
  return page.rows.map(({ id }) => id)
}

/** One batch at the versions that were read: where somebody writes in between, it is a conflict and done again. */
async function fillTerms(context: SessionContext, entity: Entity, ids: readonly string[]): Promise<number> {
  const writes: Write[] = []
  for (const row of await context.storage.getMany(entity.name, ids)) {
    const write = row && (await fillingOf(context, entity, row))
    if (write) writes.push(write)
  }
  try {
    if (writes.length > 0) await context.storage.write(writes)
  } catch (error) {
    // A record that was removed in the meantime needs no terms.
    if (isCrmError(error, 'not_found')) return fillTerms(context, entity, ids)
    throw error
  }
  return writes.length
}

async function fillingOf(context: SessionContext, entity: Entity, row: Row): Promise<Write | undefined> {
  const columns = row.deletedAt === undefined ? await columnsOf(context, entity, row) : noSearchColumns
  const set = Object.fromEntries(
    Object.entries(columns).filter(([path, value]) => !sameValue(row[path] ?? null, value)),
  )
  if (Object.keys(set).length === 0) return undefined
  return { do: 'patch', entity: entity.name, id: row.id, set, ifVersion: row.version, touch: false }
}
