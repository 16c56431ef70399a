import type { Actor, Page } from '@rapport/core'

/** What every record tells. */
export interface VersionedRecord {
  readonly id: string
  readonly version: number
}

/** A list as it was asked for. `where` is untrusted: the CRM validates it and checks the rights to every field it names. */
export interface ListQuery {
  readonly where?: unknown
  readonly orderBy?: unknown
  readonly limit?: unknown
  readonly cursor?: string
  readonly signal?: AbortSignal
}

/** One stretch of a list that belongs to a record. */
export interface PageOptions {
  readonly cursor?: string
  readonly limit?: number
}

/** What a change may be conditional on. */
export interface ChangeOptions {
  readonly ifVersion?: number
}

/** A record of the CRM by type and id. */
export interface Subject {
  readonly type: string
  readonly id: string
}

/**
 * The part of a session that the handler calls, with inputs as they arrive: unknown. The services validate them, so nothing
 * is checked twice and nothing can be forgotten here.
 */
export interface HttpReadService {
  find(query?: ListQuery): Promise<Page<VersionedRecord>>
  get(id: string, options?: { readonly signal?: AbortSignal }): Promise<VersionedRecord>
}

/** A service whose records can be changed one by one. */
export interface HttpUpdateService extends HttpReadService {
  update(id: string, patch: unknown, options?: ChangeOptions): Promise<VersionedRecord>
}

/** A service whose records can be created, changed and deleted. */
export interface HttpRecordService extends HttpUpdateService {
  create(input: unknown): Promise<VersionedRecord>
  delete(id: string, options?: ChangeOptions): Promise<unknown>
}

/** What a caller sees: the slice of a CRM session that HTTP shows. */
export interface HttpSession {
  readonly contacts: HttpRecordService & { view360(id: string): Promise<unknown> }
  readonly companies: HttpRecordService
  readonly orders: HttpReadService & { record(input: unknown): Promise<VersionedRecord> }
  readonly activities: Omit<HttpRecordService, 'create'> & { log(input: unknown): Promise<VersionedRecord> }
  readonly associations: HttpReadService & {
    link(input: unknown): Promise<VersionedRecord>
    unlink(id: string): Promise<unknown>
  }
  readonly consents: HttpReadService & {
    grant(input: unknown): Promise<VersionedRecord>
    revoke(input: unknown): Promise<VersionedRecord>
  }
  readonly tickets: HttpUpdateService & {
    open(input: unknown): Promise<VersionedRecord & { readonly number?: unknown }>
    messages(id: string, options?: PageOptions): Promise<Page<unknown>>
    reply(id: string, input: unknown): Promise<VersionedRecord>
    assign(id: string, input: unknown): Promise<VersionedRecord>
    snooze(id: string, input: unknown): Promise<VersionedRecord>
    resolve(id: string): Promise<VersionedRecord>
    reopen(id: string): Promise<VersionedRecord>
    close(id: string): Promise<VersionedRecord>
  }
  readonly timeline: { of(subject: Subject, options?: PageOptions): Promise<Page<unknown>> }
  readonly scores: {
    of(subject: Subject): Promise<unknown>
    refresh(models: unknown, options: unknown): Promise<VersionedRecord>
  }
  readonly runs: HttpReadService
  rights(): Promise<unknown>
}

/** The CRM as the handler uses it; what `createCrm` returns is one. */
export interface HttpCrm {
  session(scope: { readonly tenantId: string; readonly actor: Actor; readonly cause?: string }): HttpSession
}
