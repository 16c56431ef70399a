import type { Entity } from '../../entity/entity.js'
import { findRecords } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { joinedCell, type TableCell, tableCell } from './cell-text.js'
import { type ExportColumn, exportColumns, valueAtPath } from './export-columns.js'
import type { ExportOptions } from './export-options.js'
import { type FollowedRelation, followedRelation } from './related-records.js'

const pageSize = 200

/** A record to export, with its related ones by the relation's name. */
export interface ExportedRecord {
  readonly record: unknown
  readonly related: ReadonlyMap<string, readonly unknown[]>
}

/** An export that is ready to go. */
export interface ExportPlan {
  readonly entity: Entity
  readonly columns: readonly ExportColumn[]
  readonly relations: readonly FollowedRelation[]
  /** In the order asked for, page by page: memory stays the same at any number of records. */
  records(): AsyncGenerator<ExportedRecord, void, undefined>
}

/** Checks what is asked for. Throws `validation_failed` or `access_denied`. */
export async function planExport(context: SessionContext, options: ExportOptions): Promise<ExportPlan> {
  const { object, where, orderBy = ['id'], fields, relations = {}, signal } = options
  if (!context.registry.has(object) || context.registry.get(object).kind !== 'record')
    throw invalidField('object', 'must name an entity such as contact')
  const entity = context.registry.get(object)
  const columns = await exportColumns(context, entity, fields)
  const followed = await Promise.all(
    Object.entries(relations).map(([name, relation]) => followedRelation(context, entity, name, relation)),
  )
  return {
    entity,
    columns,
    relations: followed,
    async *records() {
      for (let cursor: string | undefined; ; ) {
        const page = await findRecords<{ id: string }>(context, entity, {
          ...(where && { where }),
          orderBy,
          limit: pageSize,
          ...(cursor !== undefined && { cursor }),
          ...(signal && { signal }),
        })
        const related = page.items.length === 0 ? [] : await Promise.all(followed.map((one) => one.follow(page.items)))
        for (const record of page.items) {
          const own = followed.map(({ name }, index) => [name, related[index]?.get(record.id) ?? []] as const)
          yield { record, related: new Map(own) }
        }
        if (page.cursor === undefined) return
        cursor = page.cursor
      }
    },
  }
}

/** Headers of an export as a table, and its rows. */
export function exportTable(
  plan: ExportPlan,
  headers: Readonly<Record<string, string>> = {},
): { readonly header: readonly string[]; rows(): AsyncGenerator<readonly TableCell[], void, undefined> } {
  const { entity, columns, relations } = plan
  const paths = [
    ...columns.map(({ path }) => path),
    ...relations.flatMap(({ name, columns: inner }) => inner.map(({ path }) => `${name}.${path}`)),
  ]
  return {
    header: paths.map((path) => (Object.hasOwn(headers, path) ? (headers[path] as string) : path)),
    async *rows() {
      for await (const { record, related } of plan.records()) {
        yield [
          ...columns.map((column) => tableCell(entity, column, valueAtPath(record, column.path))),
          ...relations.flatMap(({ name, entity: other, columns: inner }) =>
            inner.map((column) =>
              joinedCell(
                (related.get(name) ?? []).map((one) => tableCell(other, column, valueAtPath(one, column.path))),
              ),
            ),
          ),
        ]
      }
    },
  }
}
