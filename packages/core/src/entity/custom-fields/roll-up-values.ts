import { resolvePath } from '../../storage/entity-def.js'
import { allOf, type Filter } from '../../storage/filter.js'
import type { AggregateGroup } from '../../storage/query.js'
import type { Path, Row } from '../../storage/row.js'
import type { Entity } from '../entity.js'
import type { SessionContext } from '../session-context.js'
import type { RollUpField } from './computed-fields.js'
import { halfAway } from './evaluate-formula.js'
import { storedValue } from './record-value.js'
import type { RollUpFunction } from './roll-up.js'
import { isStorableNumber } from './value-form.js'

/** Number, sum and extremes of the values of one kind: of one currency, or of no money. */
interface Tally {
  count: number
  sum: number
  least?: number | string
  greatest?: number | string
}

/** Tallies by currency; by the empty text where there is no money. */
type Tallies = Map<string, Tally>

const pageSize = 1_000

/**
 * The values of a roll-up for some records, by id; a record that is missing has an empty value. Where all it needs are columns the
 * storage adds up; where some of it lies in custom fields, the referring records are read page by page.
 */
export async function computeRollUp(
  context: SessionContext,
  field: RollUpField,
  ids: readonly string[],
): Promise<Map<string, unknown>> {
  const entity = context.registry.get(field.rollUp.entity)
  const tallies = inColumns(entity, field)
    ? await aggregated(context, field, entity, ids)
    : await readTallies(context, field, entity, ids)
  const { fn } = field.rollUp
  const isMoney = field.valueType === 'moneyTotals'
  const values = new Map<string, unknown>()
  for (const id of ids) {
    const value = isMoney ? moneyTotals(fn, tallies.get(id)) : plainValue(fn, tallies.get(id)?.get(''))
    if (value !== undefined) values.set(id, value)
  }
  return values
}

function inColumns(entity: Entity, { paths, rollUp: { field } }: RollUpField): boolean {
  const parts = [...paths].flatMap((path) => (path === field && isMoneyField(entity, path) ? moneyPaths(path) : [path]))
  return parts.every((path) => resolvePath(entity.storage, path)?.inside.length === 0)
}

function isMoneyField(entity: Entity, path: Path): boolean {
  return entity.fields.has(`${path}.amountMinor`)
}

function moneyPaths(path: Path): [Path, Path] {
  return [`${path}.amountMinor`, `${path}.currency`]
}

function conditionOf({ rollUp: { by, where } }: RollUpField, ids: readonly string[]): Filter {
  return allOf(
    { op: 'isNull', path: 'deletedAt' },
    { op: 'in', path: by, values: [...ids] },
    where as Filter | undefined,
  )
}

async function aggregated(
  context: SessionContext,
  field: RollUpField,
  entity: Entity,
  ids: readonly string[],
): Promise<Map<string, Tallies>> {
  const { by, field: over, fn } = field.rollUp
  const isMoney = over !== undefined && isMoneyField(entity, over)
  const [path, currency] = isMoney ? moneyPaths(over) : [over, undefined]
  const present: Filter[] = path === undefined ? [] : [{ op: 'not', arg: { op: 'isNull', path } }]
  const groups = await context.storage.aggregate({
    entity: entity.name,
    where: allOf(conditionOf(field, ids), ...present),
    by: [by, ...(currency === undefined ? [] : [currency])],
    compute: {
      count: { fn: 'count' },
      ...(path !== undefined && (fn === 'sum' || fn === 'avg') && { sum: { fn: 'sum', path } }),
      ...(path !== undefined && fn === 'min' && { least: { fn: 'min', path } }),
      ...(path !== undefined && fn === 'max' && { greatest: { fn: 'max', path } }),
    },
  })
  const tallies = new Map<string, Tallies>()
  for (const group of groups) {
    const id = group.keys[0] as string
    const byCurrency = tallies.get(id) ?? new Map<string, Tally>()
    tallies.set(id, byCurrency.set(currency === undefined ? '' : (group.keys[1] as string), tallyOf(group)))
  }
  return tallies
}

function tallyOf({ values }: AggregateGroup): Tally {
  const { count, sum, least, greatest } = values
  return {
    count: count as number,
    sum: (sum as number | null | undefined) ?? 0,
    ...(least !== undefined && least !== null && { least: least as number | string }),
    ...(greatest !== undefined && greatest !== null && { greatest: greatest as number | string }),
  }
}

async function readTallies(
  context: SessionContext,
  field: RollUpField,
  entity: Entity,
  ids: readonly string[],
): Promise<Map<string, Tallies>> {
  const { by, field: over } = field.rollUp
  const tallies = new Map<string, Tallies>()
  for (let after: readonly [string] | undefined; ; ) {
    const page = await context.storage.find({
      entity: entity.name,
      where: conditionOf(field, ids),
      order: ['id'],
      limit: pageSize,
      ...(after && { after }),
    })
    for (const row of page.rows) count(tallies, row, by, over)
    const last = page.rows.at(-1)
    if (page.done || !last) return tallies
    after = [last.id]
  }
}

function count(tallies: Map<string, Tallies>, row: Row, by: Path, over: Path | undefined): void {
  const id = storedValue(row, by) as string
  const value = over === undefined ? 0 : storedValue(row, over)
  for (const [currency, amount] of partsOf(value)) {
    const byCurrency = tallies.get(id) ?? new Map<string, Tally>()
    tallies.set(id, byCurrency)
    const { count: before, sum, least, greatest } = byCurrency.get(currency) ?? { count: 0, sum: 0 }
    byCurrency.set(currency, {
      count: before + 1,
      sum: typeof amount === 'number' ? sum + amount : sum,
      least: least === undefined || amount < least ? amount : least,
      greatest: greatest === undefined || amount > greatest ? amount : greatest,
    })
  }
}

/** A value by currency: an amount has one, totals have several, what is no money has none. */
function partsOf(value: unknown): [string, number | string][] {
  if (value === undefined) return []
  if (typeof value !== 'object' || value === null) return [['', value as number | string]]
  const { amountMinor, currency } = value as { readonly amountMinor?: number; readonly currency?: string }
  if (amountMinor !== undefined && currency !== undefined) return [[currency, amountMinor]]
  return Object.entries(value as Readonly<Record<string, number>>)
}

function moneyTotals(fn: RollUpFunction, tallies: Tallies | undefined): Record<string, number> | undefined {
  const totals = [...(tallies ?? [])].flatMap(([currency, tally]) => {
    const value = plainValue(fn, tally)
    const minor = typeof value === 'number' ? halfAway(value) : undefined
    return Number.isSafeInteger(minor) ? [[currency, minor] as [string, number]] : []
  })
  return totals.length > 0 ? Object.fromEntries(totals.sort(([left], [right]) => (left < right ? -1 : 1))) : undefined
}

function plainValue(fn: RollUpFunction, tally: Tally = { count: 0, sum: 0 }): number | string | undefined {
  switch (fn) {
    case 'count':
      return tally.count
    case 'sum':
      return isStorableNumber(tally.sum) ? tally.sum : undefined
    case 'avg':
      return tally.count > 0 ? tally.sum / tally.count : undefined
    case 'min':
      return tally.least
    case 'max':
      return tally.greatest
  }
}
