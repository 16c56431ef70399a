import type { Path } from '../../storage/row.js'

/** The values of a record by path. */
export type SearchedValues = Readonly<Record<Path, unknown>>

/** What a record is found by. An entity lists the most telling ones first: the terms of a record are limited. */
export interface SearchField {
  /** What a hit names as matched. */
  readonly field: Path
  /** The fields it is made of, none of them derived; itself when left out. */
  readonly from?: readonly Path[]
  /** Above 0, at most 1: what a match in it counts. */
  readonly weight: number
  /** Its texts, of values that lack what an actor may not read; when left out, the value, or each of a list. */
  readonly textsOf?: (values: SearchedValues) => readonly (string | undefined)[]
  /** Chinese in it is also found by its sound, read as a personal name or as other text. */
  readonly spoken?: 'name' | 'text'
}

/** What a custom field that is flagged searchable counts. */
export const customFieldWeight = 0.7

/** The index field of the terms that find a record. */
export const termsPath = 'searchTerms'

/** Its texts, folded, in every spelling, as `field=text`: what ranking reads of a candidate. */
export const textsPath = 'searchTexts'

/** The fields a search field is made of. */
export function sourcesOf({ field, from }: SearchField): readonly Path[] {
  return from ?? [field]
}
