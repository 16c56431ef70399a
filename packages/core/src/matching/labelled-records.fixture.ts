import { readFileSync } from 'node:fs'
import type { FieldKindName } from './field-kind.js'
import type { MatchableRecord, MatchResult } from './match-options.js'

/** Records of which is known who is who. */
export interface LabelledRecords {
  readonly records: readonly MatchableRecord[]
  readonly fields: Readonly<Record<string, FieldKindName>>
  readonly entityOf: ReadonlyMap<unknown, string>
  /** Pairs of records of one entity. */
  readonly truePairs: number
  /** Records of the largest entity. */
  readonly largest: number
}

type Row = Readonly<Record<string, string>>

function readCsv(file: string): Row[] {
  const text = readFileSync(new URL(`./reference-data/${file}`, import.meta.url), 'utf8')
  const [header = '', ...lines] = text.trim().split('\n')
  const names = cells(header)
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, index) => [names[index] ?? '', cell])))
}

/** Cells of a line whose quoted cells hold commas but neither quotes nor line breaks. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:"([^"]*)"|([^,]*))(?:,|$)/g)]
    .map(([, quoted, plain]) => (quoted ?? plain ?? '').trim())
    .slice(0, line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).length)
}

function labelled(
  rows: readonly Row[],
  id: string,
  entity: (row: Row) => string,
  fields: LabelledRecords['fields'],
): LabelledRecords {
  const sizes = new Map<string, number>()
  for (const row of rows) sizes.set(entity(row), (sizes.get(entity(row)) ?? 0) + 1)
  return {
    records: rows.map((row) => ({ ...row, id: row[id]! })),
    fields,
    entityOf: new Map(rows.map((row) => [row[id], entity(row)])),
    truePairs: [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0),
    largest: Math.max(...sizes.values()),
  }
}

/** FEBRL's people, without their social security number. */
export const febrl = (file: 'febrl1.csv' | 'febrl3.csv'): LabelledRecords =>
  labelled(readCsv(file), 'rec_id', ({ rec_id }) => rec_id!.split('-')[1]!, {
    given_name: 'personName',
    surname: 'personName',
    street_number: 'text',
    address_1: 'text',
    address_2: 'text',
    suburb: 'text',
    postcode: 'text',
    state: 'text',
    date_of_birth: 'date',
  })

export const fake1000 = (): LabelledRecords =>
  labelled(readCsv('fake_1000.csv'), 'unique_id', ({ cluster }) => cluster!, {
    first_name: 'personName',
    surname: 'personName',
    dob: 'date',
    city: 'text',
    email: 'email',
  })

export const crmSynth = (): LabelledRecords =>
  labelled(readCsv('crm_synth_dev.csv'), 'id', ({ entity_id }) => entity_id!, {
    name: 'personName',
    email: 'email',
    phone: 'phone',
    company: 'companyName',
    city: 'text',
  })

/** How good a result is: pairs that blocking never proposed count as missed. */
export interface MatchQuality {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  readonly largestCluster: number
}

export function qualityOf({ pairs, clusters }: MatchResult, { entityOf, truePairs }: LabelledRecords): MatchQuality {
  const right = pairs.filter(({ a, b }) => entityOf.get(a) === entityOf.get(b)).length
  const precision = right / pairs.length
  const recall = right / truePairs
  return {
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall),
    largestCluster: Math.max(0, ...clusters.map(({ length }) => length)),
  }
}
