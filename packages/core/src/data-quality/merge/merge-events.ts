/** What happens to records that are merged, by type of event. */
export type MergeEvents = {
  /** Others were merged into the record. */
  readonly [Type in `${'contact' | 'company'}.merged`]: {
    readonly mergeId: string
    readonly mergedIds: readonly string[]
  }
} & {
  /** The record was merged into another one. */
  readonly [Type in `${'contact' | 'company'}.merged_into`]: { readonly mergeId: string; readonly survivorId: string }
} & {
  /** A merge was taken back; told of the survivor and of each record that is there again. */
  readonly [Type in `${'contact' | 'company'}.unmerged`]: { readonly mergeId: string }
}
