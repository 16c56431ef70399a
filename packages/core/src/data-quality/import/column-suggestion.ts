import type { Path } from '../../storage/row.js'

/** Where a column may go, and why. */
export interface FieldSuggestion {
  readonly field: Path
  /** 0–1. What is under 0.5 is in doubt and left out of the mapping. */
  readonly confidence: number
  /**
   * `name`: the header is the field's name; `word`: it is an everyday word for it; `label`: it is the tenant's label; `part`: it
   * holds such a word; `values`: the cells look like it; `against`: they do not.
   */
  readonly why: readonly ('name' | 'word' | 'label' | 'part' | 'values' | 'against')[]
}

/** A column of a file and where it may go. */
export interface ColumnSuggestion {
  readonly column: string
  /** Likeliest first, at most three. */
  readonly fields: readonly FieldSuggestion[]
  /** What the cells leave open; say it in the mapping. */
  readonly needs: readonly ('decimal' | 'dateOrder' | 'zone' | 'currency' | 'item')[]
}
