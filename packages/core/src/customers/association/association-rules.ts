import { invalidField } from '../../kernel/crm-error.js'
import { allOf, anyOf, type Filter } from '../../storage/filter.js'

type Values = Readonly<Record<string, unknown>>

/** When a link held: its first and last day, open where missing. */
export interface Period {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** What a link is unique by: its ends and kind while it holds, and also its period once an end is set. */
export function pairKey(row: Values): string {
  const ends = [
    [row.fromType, row.fromId],
    [row.toType, row.toId],
  ] as [string, string][]
  if (row.symmetric === true) ends.sort((a, b) => (a.join('/') < b.join('/') ? -1 : 1))
  const [first, second] = ends as [[string, string], [string, string]]
  const ended = row.to === undefined || row.to === null ? [] : [row.from ?? '', row.to]
  return JSON.stringify([...first, row.typeKey, ...second, ...ended])
}

/** Whether a period is over on a day: its last day counts as the day of leaving. */
export function hasEnded({ to }: Period, day: string): boolean {
  return to !== undefined && to <= day
}

/** Whether two periods have a day in common. */
export function overlap(one: Period, other: Period): boolean {
  const startsInTime = (a: Period, b: Period): boolean => a.from === undefined || b.to === undefined || a.from <= b.to
  return startsInTime(one, other) && startsInTime(other, one)
}

/** Links that are not over on a day. */
export function notEndedOn(day: string): Filter {
  return anyOf({ op: 'isNull', path: 'to' }, { op: 'gt', path: 'to', value: day })
}

/** Links that have a day in common with a period. */
export function overlapping({ from, to }: Period): Filter {
  return allOf(
    to === undefined ? undefined : anyOf({ op: 'isNull', path: 'from' }, { op: 'lte', path: 'from', value: to }),
    from === undefined ? undefined : anyOf({ op: 'isNull', path: 'to' }, { op: 'gte', path: 'to', value: from }),
  )
}

/** Throws `validation_failed` for a period that ends before it begins. */
export function refuseBackwards({ from, to }: Values): void {
  if (typeof from === 'string' && typeof to === 'string' && to < from)
    throw invalidField('to', 'must not be before the first day')
}
