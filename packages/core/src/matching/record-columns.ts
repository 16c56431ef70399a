import { dateKind } from './calendar-date.js'
import { companyNameKind } from './company-name.js'
import { emailKind } from './email-address.js'
import { FieldColumn } from './field-column.js'
import type { FieldKind, FieldKindName, ReadingContext } from './field-kind.js'
import { textKind } from './free-text.js'
import type { MatchableRecord, MatchOptions } from './match-options.js'
import { MatchingInputError } from './matching-input-error.js'
import { personNameKind } from './person-name.js'
import { phoneKind } from './phone-number.js'

const kinds: Readonly<Record<FieldKindName, FieldKind>> = {
  personName: personNameKind,
  email: emailKind as FieldKind,
  phone: phoneKind as FieldKind,
  companyName: companyNameKind,
  text: textKind as FieldKind,
  date: dateKind as FieldKind,
}

const longestValue = 1_000

/** The fields of all records, read. Throws {@link MatchingInputError} where a record or an option is not as it must be. */
export function recordColumns(records: readonly MatchableRecord[], options: MatchOptions): FieldColumn[] {
  const named = Object.entries(options?.fields ?? {})
  if (named.length === 0) throw new MatchingInputError('fields', 'must name at least one field and its kind')
  const context: ReadingContext = { languages: options.languages ?? {}, country: options.country }
  return named.map(([field, kindName]) => {
    const kind = Object.hasOwn(kinds, kindName) ? kinds[kindName] : undefined
    if (!kind) throw new MatchingInputError(`fields.${field}`, `must be one of ${Object.keys(kinds).join(', ')}`)
    return new FieldColumn(
      field,
      kind,
      records.map((record, row) => textOf(record[field], `records.${row}.${field}`)),
      context,
    )
  })
}

function textOf(value: unknown, path: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString().slice(0, 10)
  if (typeof value !== 'string') throw new MatchingInputError(path, 'must be a text, a number, a date or nothing')
  return value.length > longestValue ? value.slice(0, longestValue) : value
}

/** The place of each id. Throws where two records have one id. */
export function placesOfIds(records: readonly MatchableRecord[]): Map<string | number, number> {
  if (!Array.isArray(records)) throw new MatchingInputError('records', 'must be a list of records')
  const places = new Map<string | number, number>()
  for (const [place, record] of records.entries()) {
    const id: unknown = record?.id
    if ((typeof id !== 'string' || id === '') && !Number.isFinite(id)) {
      throw new MatchingInputError(`records.${place}.id`, 'must be a text or a number')
    }
    if (places.has(id as string))
      throw new MatchingInputError(`records.${place}.id`, 'is the id of an earlier record; ids must differ')
    places.set(id as string, place)
  }
  return places
}
