import { overlapLevels, type Search, termGroups } from '@rapport/core/storage'
import type { EntityTable } from './schema/tables.js'
import { SqlBinds } from './sql-binds.js'
import { compileSqlFilter } from './sql-filter.js'
import { columnList, type RowQuery, selectedColumns } from './sql-query.js'
import { arrayText } from './wire-message.js'

/**
 * The hits of a checked search (see `prepareSearch`), whose terms are all different: each as its overlap before the columns of its
 * row. Rows that hold all terms are looked for first, then those that hold most, then those that hold enough, each only where the
 * ones before fill no page: the fewer terms a row may lack, the fewer rows have to be counted.
 *
 * The planner knows nothing of terms, so it is left few choices: the index is asked for one group of terms after the other, which
 * keeps it from reading the table; groups come as JSON and terms from a query, of whose sizes it assumes the same for every search,
 * so that one plan serves all; and `offset 0` keeps it from walking the rows by id in hope of an early end.
 */
export function compileSearch(table: EntityTable, tenantId: string, search: Search): RowQuery {
  const { terms, atLeast, limit } = search
  const binds = new SqlBinds()
  const tenant = binds.add(tenantId, 'text')
  const held = table.column(search.path)!.sql
  const where = search.where ? ` and ${compileSqlFilter(table, search.where, binds)}` : ''
  const levels = overlapLevels(terms.length, atLeast)
  const asked = levels.length > 1 ? binds.add(terms, 'text[]') : ''
  const names = levels.map((_, place) => `level_${place}`)
  const isFull = (name: string): string => `(select count(*) from ${name}) = ${limit}`
  const parts = levels.map((overlap, place) => {
    const groups = binds.add(JSON.stringify(termGroups(terms, overlap).map(arrayText)), 'json')
    const unfilled = names.slice(0, place).map((name) => `not ${isFull(name)}`)
    const found =
      `from json_array_elements_text(${groups}) as group_of_terms(terms) cross join lateral (select "id", ${held} as held from ${table.sql} ` +
      `where "tenant_id" = ${tenant} and ${held} @> group_of_terms.terms::text[]${where}) as candidate` +
      (unfilled.length > 0 ? ` where ${unfilled.join(' and ')}` : '')
    const least = binds.add(overlap, 'bigint')
    const counted =
      overlap === terms.length
        ? `select "id", ${least} as overlap ${found}`
        : `select "id", (select count(distinct term) from unnest(held) as one(term) where term in (select unnest(${asked}))) as overlap ` +
          `from (select distinct on ("id") "id", held ${found}) as candidate`
    return (
      `${names[place]} as materialized (select "id", overlap from (${counted} offset 0) as counted where overlap >= ${least} ` +
      `order by overlap desc, "id" limit ${limit})`
    )
  })
  const columns = selectedColumns(table, search.fields ?? [])
  // What a level finds holds what the ones before it found.
  const best = names.map((name, place) => {
    const later = names.slice(place + 1).map((other) => `not exists (select from ${other})`)
    return `select * from ${name}${later.length > 0 ? ` where ${later.join(' and ')}` : ''}`
  })
  const text =
    `with ${parts.join(', ')} select hit_overlap, ${columnList(columns)} from (${best.join(' union all ')} limit ${limit}) as hit(hit_id, hit_overlap) ` +
    `join ${table.sql} on "tenant_id" = ${tenant} and "id" = hit_id order by hit_overlap desc, "id"`
  return { text, values: binds.values, columns }
}
