/** A transaction that the host has begun on the database of the adapter, and how the host ends it. */
export interface HostTransaction {
  /** What `session({ tenantId, transaction })` takes. */
  readonly transaction: unknown
  commit(): Promise<unknown>
  rollback(): Promise<unknown>
}
