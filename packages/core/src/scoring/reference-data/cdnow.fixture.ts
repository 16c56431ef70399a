import { readFileSync } from 'node:fs'
import type { CustomerSummary } from '../summary/customer-summary.js'

/** Rows of a reference file as records of text. */
export function readReferenceRows(file: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(new URL(file, import.meta.url), 'utf8')
    .trim()
    .split('\n')
  const names = header.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i]!, value])))
}

function column(rows: Record<string, string>[], name: string, divisor = 1): Float64Array {
  return Float64Array.from(rows, (row) => Number(row[name]) / divisor)
}

/** The CDNOW sample in exact weeks (days / 7), with the purchases of the 39-week holdout. */
export function cdnowSample(): CustomerSummary & { monetaryValue: Float64Array; holdout: Float64Array } {
  const rows = readReferenceRows('./cdnow-sample-weeks.csv')
  return {
    frequency: column(rows, 'x'),
    recency: column(rows, 't_x_days', 7),
    age: column(rows, 'T_days', 7),
    monetaryValue: column(rows, 'm_x'),
    holdout: column(rows, 'x_star'),
  }
}

/** The CDNOW sample with weeks rounded to two decimals. */
export function cdnowRoundedSample(): CustomerSummary & { monetaryValue: Float64Array } {
  const rows = readReferenceRows('./cdnow-sample-rounded-weeks.csv')
  return {
    frequency: column(rows, 'x'),
    recency: column(rows, 't_x'),
    age: column(rows, 'T'),
    monetaryValue: column(rows, 'm_x'),
  }
}

/** Largest relative error of `actual` against `expected`; below the smallest normal number both count as 0. */
export function relativeError(actual: number, expected: number): number {
  if (Math.abs(expected) < 1e-290) return Math.abs(actual) < 1e-289 ? 0 : Infinity
  return Math.abs(actual - expected) / Math.abs(expected)
}

/** One customer as a summary. */
export function oneCustomer(x: number, recency: number, age: number): CustomerSummary {
  return { frequency: Float64Array.of(x), recency: Float64Array.of(recency), age: Float64Array.of(age) }
}
