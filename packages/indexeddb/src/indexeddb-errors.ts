import { CrmError, type CrmErrorDetails, isCrmError } from '@rapport/core/storage'

interface Meaning {
  readonly message: string
  readonly details: CrmErrorDetails
}

const failed = (message: string, reason: string, retriable: boolean, remedy?: string): Meaning => ({
  message,
  details: { reason, retriable, ...(remedy !== undefined && { remedy }) },
})

const corrupt = failed(
  'The browser cannot read its database',
  'corrupt',
  false,
  'delete the database (deleteIndexedDbStorage) and load it anew from the server or an export',
)

/** What the exceptions of IndexedDB mean, by name. Indexed Database API 3.0, section 3. */
const meanings: Readonly<Record<string, Meaning>> = {
  QuotaExceededError: failed(
    'The browser has no room for more data of this site',
    'quota',
    false,
    'delete what is not needed, free space on the device, or ask the user for persistent storage',
  ),
  VersionError: failed(
    'Another tab runs a newer release of this application',
    'newer',
    false,
    'reload the page to get that release',
  ),
  AbortError: failed('The browser gave the transaction up', 'aborted', true),
  TimeoutError: failed('The browser did not get the lock in time', 'timeout', true),
  InvalidStateError: failed('The connection to the database is closed', 'connection', true),
  TransactionInactiveError: failed('The transaction had ended already', 'transaction', true),
  UnknownError: corrupt,
  NotReadableError: corrupt,
  NotFoundError: corrupt,
  DataError: corrupt,
  DataCloneError: failed('A value cannot be stored in a browser', 'value', false, 'store plain JSON values'),
  SecurityError: failed(
    'The browser does not let this page store data',
    'denied',
    false,
    'allow site data for this page, or use memoryStorage',
  ),
}

/**
 * The `CrmError` of what IndexedDB threw. The browser's own message is not passed on, since it can repeat values: the cause names the
 * exception only.
 */
export function toCrmError(error: unknown): CrmError {
  if (isCrmError(error)) return error
  const name = nameOf(error)
  const { message, details } =
    meanings[name] ?? failed('The database of the browser could not carry out the call', 'database', false)
  return new CrmError('storage_failed', message, details, { cause: new Error(name) })
}

/** Name of an exception, such as `ConstraintError`. */
export function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error && typeof error.name === 'string'
    ? error.name
    : 'unknown'
}

/** What is stored has a form that no release of this adapter wrote. */
export function corruptDatabase(): CrmError {
  return new CrmError('storage_failed', corrupt.message, corrupt.details)
}

/** The database of that name belongs to something else. */
export function foreignDatabase(): CrmError {
  return new CrmError('storage_failed', 'The browser has another database of this name', {
    reason: 'foreign',
    retriable: false,
    remedy: 'choose another name',
  })
}

/** The connection broke while a transaction committed. */
export function unknownOutcome(): CrmError {
  return new CrmError('storage_failed', 'The connection was lost while the browser stored the changes', {
    reason: 'unknown_outcome',
    retriable: false,
    remedy: 'read what was written before writing it again',
  })
}

/** Another tab holds an older version of the database open and does not close it. */
export function blockedDatabase(): CrmError {
  return new CrmError('storage_failed', 'Another tab keeps an older release of the database open', {
    reason: 'blocked',
    retriable: true,
    remedy: 'close the other tabs of this application, then open the storage again',
  })
}

/** This tab gave its connection up because another one brings a newer release. */
export function outdatedTab(): CrmError {
  const { message, details } = meanings.VersionError!
  return new CrmError('storage_failed', message, details)
}

/** The database was deleted while it was open. */
export function deletedDatabase(): CrmError {
  return new CrmError('storage_failed', 'The database was deleted', {
    reason: 'deleted',
    retriable: false,
    remedy: 'open the storage again, which starts it empty, and load it from the server or an export',
  })
}

/** The browser closed the database again, right after it was reopened. */
export function lostConnection(): CrmError {
  return new CrmError('storage_failed', 'The browser closed the database', {
    reason: 'connection',
    retriable: true,
    remedy: 'open the storage again',
  })
}

/** There is no IndexedDB here. */
export function missingIndexedDb(): CrmError {
  return new CrmError('unsupported', 'There is no IndexedDB in this environment', {
    remedy: 'run in a browser or a worker, hand an IDBFactory in as indexedDB, or use another storage',
  })
}

/** A call would read more rows than is allowed. */
export function scanTooLong(entity: string, maxScan: number, remedy: string): CrmError {
  return new CrmError(
    'unsupported',
    `More than ${maxScan.toLocaleString('en')} rows of ${entity} would have to be read`,
    {
      entity,
      reason: 'scan',
      remedy,
    },
  )
}
