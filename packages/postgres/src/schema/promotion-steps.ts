import type { EntityDef } from '@rapport/core/storage'
import { quoteIdentifier, tableName } from '../sql-identifier.js'
import type { Catalogue, CatalogueTable } from './catalogue.js'
import { type MigrationStep, quickStep } from './migration-step.js'
import { promotedFieldOf } from './promoted-place.js'
import { type EntityTable, type PromotedColumn, promotedIndexName } from './tables.js'

/**
 * The fields that the catalogue says are promoted. A process that was told of none keeps those filled, so that it may run beside others
 * that were.
 */
export function promotedInCatalogue(target: readonly EntityDef[], { tables }: Catalogue): PromotedColumn[] {
  return target.flatMap((def) => {
    const name = tableName(def.name)
    const table = tables.get(name)
    return [...(table?.checks.keys() ?? [])].flatMap((check) => {
      const field = promotedFieldOf(def, check)
      if (!field) return []
      const stem = `ix_${name}_${promotedIndexName(field.field)}_`
      return [{ ...field, order: [...table!.indexes].some((index) => index.startsWith(stem)) }]
    })
  })
}

/**
 * The steps that fill the column of a promoted field in a table that exists, while writers go on. Rows are filled in batches; then a
 * constraint holds column and JSON together for whoever writes; then what was written meanwhile by a process that knew nothing of the
 * column is filled too, and the database checks that all rows are right. A promotion that is not wanted any more loses the
 * constraint; its column stays, and no row of the JSON was ever touched.
 */
export function promotionSteps(table: EntityTable, { checks }: CatalogueTable): MigrationStep[] {
  const { name, sql, def } = table
  const steps = table.promoted.flatMap((column): MigrationStep[] => {
    const { check, checkSql, column: columnName } = column.promoted
    const found = checks.get(check)
    if (found?.validated) return []
    const place = `${def.name}.${column.path}`
    const fill = (id: string, description: string): MigrationStep => ({
      id: `${id}:${name}:${columnName}`,
      description,
      sql: [backfillSql(table, column)],
      online: true,
      destructive: false,
      run: 'batches',
      backfill: { table, column },
    })
    const hold = quickStep(`hold:${name}:${columnName}`, `Makes every writer fill the column of ${place}.`, [
      `alter table ${sql} drop constraint if exists ${quoteIdentifier(check)}`,
      `alter table ${sql} add ${checkSql} not valid`,
    ])
    return [
      ...(found ? [] : [fill('fill', `Fills the column of ${place} in batches.`), hold]),
      fill('refill', `Fills the column of ${place} where rows were written meanwhile without it.`),
      quickStep(`validate:${name}:${columnName}`, `Checks that the column of ${place} is right in all rows.`, [
        `alter table ${sql} validate constraint ${quoteIdentifier(check)}`,
      ]),
    ]
  })
  const wanted = new Set(table.promoted.map(({ promoted }) => promoted.check))
  const given = [...checks.keys()].filter((check) => promotedFieldOf(def, check) && !wanted.has(check))
  return [
    ...given.map((check) =>
      quickStep(
        `demote:${name}:${check}`,
        `No longer fills a column of ${def.name} from JSON; the JSON stays as it is.`,
        [`alter table ${sql} drop constraint if exists ${quoteIdentifier(check)}`],
      ),
    ),
    ...steps,
  ]
}

/** Fills the column in the rows of a tenant whose ids lie in a range, where it is not right yet. Versions and the change feed stay. */
export function backfillSql({ sql }: EntityTable, { sql: column, promoted }: EntityTable['promoted'][number]): string {
  return (
    `update ${sql} set ${column} = ${promoted.valueSql} where "tenant_id" = $1::text and "id" > $2::text and "id" <= $3::text ` +
    `and ${column} is distinct from (${promoted.valueSql})`
  )
}
