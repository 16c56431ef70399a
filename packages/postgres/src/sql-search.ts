import { type Search, termGroups } from '@rapport/core/storage'
import type { EntityTable } from './schema/tables.js'
import { SqlBinds } from './sql-binds.js'
import { compileSqlFilter } from './sql-filter.js'
import { columnList, type RowQuery, selectedColumns } from './sql-query.js'
import { arrayText } from './wire-message.js'

/** Shares of the terms that hits are looked for with, before the share that was asked for. */
const shares = [1, 0.8, 0.6]

/**
 * The hits of a checked search (see `prepareSearch`), whose terms are all different: each as its overlap before the columns of its
 * row. Rows that hold all terms are looked for first, then those that hold most, then those that hold enough, each only where the
 * ones before fill no page: the fewer terms a row may lack, the fewer rows have to be counted. The index is asked for whole groups
 * of terms, one after the other, which keeps the planner from reading the table instead.
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
    const groups = binds.add(termGroups(terms, overlap).map(arrayText), 'text[]')
    const unfilled = names.slice(0, place).map((name) => `not ${isFull(name)}`)
    const found =
      `from unnest(${groups}) as group_of_terms(terms) cross join lateral (select "id", ${held} as held from ${table.sql} ` +
      `where "tenant_id" = ${tenant} and ${held} @> group_of_terms.terms::text[]${where}) as candidate` +
      (unfilled.length > 0 ? ` where ${unfilled.join(' and ')}` : '')
    const least = binds.add(overlap, 'bigint')
    const hits =
      overlap === terms.length
        ? `select "id", ${least} as overlap ${found}`
        : `select "id", overlap from (select "id", (select count(distinct term) from unnest(held) as one(term) where term = any(${asked})) ` +
          `as overlap from (select distinct on ("id") "id", held ${found}) as candidate offset 0) as counted where overlap >= ${least}`
    return `${names[place]} as materialized (${hits} order by overlap desc, "id" limit ${limit})`
  })
  const columns = selectedColumns(table, search.fields ?? [])
  // What a level finds holds what the ones before it found.
  const best = names.map((name, place) => {
    const later = names.slice(place + 1).map((other) => `not exists (select from ${other})`)
    return `select * from ${name}${later.length > 0 ? ` where ${later.join(' and ')}` : ''}`
  })
  const text =
    `with ${parts.join(', ')} select hit_overlap, ${columnList(columns)} from (${best.join(' union all ')}) as hit(hit_id, hit_overlap) ` +
    `join ${table.sql} on "tenant_id" = ${tenant} and "id" = hit_id order by hit_overlap desc, "id"`
  return { text, values: binds.values, columns }
}

/** How many terms rows must hold, from all of them down to those asked for. */
function overlapLevels(count: number, atLeast: number): number[] {
  const levels = [...shares.map((share) => Math.ceil(count * share)), atLeast]
  return [...new Set(levels)].filter((level) => level >= atLeast)
}
