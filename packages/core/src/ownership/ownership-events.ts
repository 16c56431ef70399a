type PooledRecord = 'contact' | 'company'

/** What becomes of records of the pool, by type of event. */
export type OwnershipEvents = {
  readonly [Type in `${PooledRecord}.claimed`]: { readonly memberId: string }
} & {
  readonly [Type in `${PooledRecord}.released`]: { readonly from: string; readonly reason: string }
} & {
  readonly [Type in `${PooledRecord}.recycled`]: { readonly from: string; readonly ruleId: string }
}
