import type { LanguageSupport } from './language-support.js'

/** How values of a field are read and compared. */
export type FieldKindName = 'personName' | 'email' | 'phone' | 'companyName' | 'text' | 'date'

/** What reading a value may use. */
export interface ReadingContext {
  readonly languages: LanguageSupport
  /** ISO 3166 code that telephone numbers without a prefix belong to. */
  readonly country: string | undefined
}

/** One answer to "how alike are two values?". Levels of a kind are ordered from `same` to `different`. */
export interface AgreementLevel {
  readonly name: string
  /** m: how often two records of the same entity, both with a value, agree this much. Sums to 1 over the levels of a kind. */
  readonly m: number
  /** u: how often two records of different entities do. Where values can be counted, the count replaces it. */
  readonly u: number
  /** The keys whose frequency in the data says how telling this very value is: two of a rare name weigh more than two of a common one. */
  readonly counts?: 'key' | 'looseKey'
  /** Speaks against a match, however many people of one family or company share the rest: data may not raise its m. */
  readonly contradicts?: true
}

/** A value, read. */
export interface ReadValue {
  /** Equal keys: the same value, however it was written. */
  readonly key: string
  /** Equal loose keys: the same value in another script or with a pet name. */
  readonly looseKey: string
}

/** A kind of field: how to read a value, and at which level two values that are not the same agree. */
export interface FieldKind<Value extends ReadValue = ReadValue> {
  readonly name: FieldKindName
  /** Few people share a value: an address, a number. */
  readonly identifying: boolean
  readonly levels: readonly AgreementLevel[]
  /** `undefined` where nothing usable is in the text: it counts as missing. */
  read(raw: string, context: ReadingContext): Value | undefined
  /** Keys that alone suggest a match: records that share one are compared. */
  blocks(value: Value): readonly string[]
  /** Keys that suggest one together with a key of another field. */
  coarse(value: Value): readonly string[]
  /** What of a value fits into 32 bits and tells `reach` most. */
  sketch(value: Value): number
  /**
   * The best level that two values with different keys can agree at, told from their sketches: most pairs need no closer look. Whatever
   * is compared to be worse than that is at no level with `counts`.
   */
  reach(left: number, right: number, sameLooseKey: boolean): number
  /** Index into `levels`. */
  compare(left: Value, right: Value): number
}
