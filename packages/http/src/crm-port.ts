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

/** Merging of one kind of record. */
export interface HttpMerging {
  merge(command: unknown): Promise<{ readonly mergeId?: string; readonly run?: VersionedRecord }>
  unmerge(mergeId: string, options?: { readonly dryRun?: boolean }): Promise<{ readonly run?: VersionedRecord }>
  resolveId(id: string): Promise<string>
}

/** The merges there were. */
export interface HttpMergeHistory extends HttpReadService {
  get(id: string): Promise<VersionedRecord & { readonly objectType: string }>
}

/** Imports of files. */
export interface HttpImports {
  suggest(options: never): Promise<unknown>
  preview(options: never): Promise<unknown>
  start(options: never): Promise<VersionedRecord>
  errors(runId: string): AsyncGenerator<unknown, void, undefined>
  undo(runId: string): Promise<VersionedRecord>
  conflicts(runId: string): AsyncGenerator<unknown, void, undefined>
}

/** Personal data of one contact. */
export interface HttpPrivacy {
  map(): Promise<unknown>
  export(contactId: string, options?: { readonly signal?: AbortSignal }): AsyncGenerator<string, void, undefined>
  erase(contactId: string, options: unknown): Promise<VersionedRecord>
  readonly erasures: HttpReadService
}

/** What a caller sees: the slice of a CRM session that HTTP shows. */
export interface HttpSession {
  readonly contacts: HttpRecordService & HttpMerging & { view360(id: string): Promise<unknown> }
  readonly companies: HttpRecordService & HttpMerging
  readonly merges: HttpMergeHistory
  readonly duplicates: {
    scan(options: unknown): Promise<VersionedRecord>
    find(options?: unknown): Promise<Page<unknown>>
    dismiss(id: string): Promise<VersionedRecord>
  }
  readonly imports: HttpImports
  readonly orders: HttpReadService & { record(input: unknown): Promise<VersionedRecord> }
  readonly activities: Omit<HttpRecordService, 'create'> & { log(input: unknown): Promise<VersionedRecord> }
  readonly associations: HttpReadService & {
    link(input: unknown): Promise<VersionedRecord>
    unlink(id: string): Promise<unknown>
  }
  readonly consents: HttpReadService & {
    grant(input: unknown): Promise<VersionedRecord>
    revoke(input: unknown): Promise<VersionedRecord>
    deny(input: unknown): Promise<VersionedRecord>
    requestOptIn(input: unknown): Promise<{ readonly requestId: string }>
    confirmOptIn(token: never): Promise<VersionedRecord>
    decide(question: unknown): Promise<unknown>
    prove(question: unknown): Promise<unknown>
  }
  readonly suppressions: HttpReadService & {
    add(value: unknown, reason: unknown): Promise<void>
    isSuppressed(value: unknown): Promise<boolean>
    lift(value: unknown): Promise<boolean>
  }
  readonly privacy: HttpPrivacy
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
  readonly runs: HttpReadService & { cancel(id: string): Promise<VersionedRecord> }
  rights(): Promise<unknown>
}

/** The CRM as the handler uses it; what `createCrm` returns is one. */
export interface HttpCrm {
  session(scope: { readonly tenantId: string; readonly actor: Actor; readonly cause?: string }): HttpSession
}
