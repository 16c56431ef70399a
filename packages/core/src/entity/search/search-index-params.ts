/** What makes a run fill the search terms of records. */
export interface SearchIndexParams {
  readonly entities: readonly string[]
}
