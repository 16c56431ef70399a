import type { CrmErrorDetails } from '@rapport/core/storage'

/** What an error of the database or of its driver means to the caller. */
export interface ErrorMeaning {
  readonly code: 'storage_failed' | 'validation_failed' | 'conflict'
  readonly message: string
  readonly details: CrmErrorDetails
}

const meaning = (
  code: ErrorMeaning['code'],
  message: string,
  reason: string,
  retriable: boolean,
  remedy?: string,
): ErrorMeaning => ({ code, message, details: { reason, retriable, ...(remedy !== undefined && { remedy }) } })

const failed = meaning.bind(undefined, 'storage_failed')

const connectionFailed = failed('The connection to the database failed', 'connection', true)
const outdated = 'apply the plan: the schema is not up to date'

/**
 * Errors by the beginning of their SQLSTATE (PostgreSQL documentation, appendix A), the longer one first. README.md has the same table,
 * and a test holds them together.
 */
export const sqlStateMeanings: readonly (readonly [prefix: string, meaning: ErrorMeaning])[] = [
  ['40P01', meaning('conflict', 'The database ended a deadlock by giving up this call', 'deadlock', true)],
  ['40', meaning('conflict', 'The database asks to repeat the transaction', 'serialization', true)],
  [
    '57014',
    failed(
      'The statement took longer than the time limit',
      'timeout',
      true,
      'raise statementTimeoutMs, or narrow the query',
    ),
  ],
  ['55P03', failed('A lock was not to be had in time', 'lock', true)],
  ['57', failed('The database is stopping or starting', 'connection', true)],
  ['08', connectionFailed],
  [
    '53300',
    failed(
      'The database has no connection to spare',
      'connections',
      true,
      'make the pool smaller, or max_connections greater',
    ),
  ],
  ['53', failed('The database is short of memory or disk', 'resources', false, 'make room on the database server')],
  ['58', failed('The database server could not read or write its files', 'resources', false, 'look at its log')],
  [
    '28',
    failed('The database refused the login', 'authentication', false, 'check user and password of the connection'),
  ],
  ['3D000', failed('There is no such database', 'database', false, 'create the database, or name another one')],
  ['42P01', failed('A table is missing', 'schema', false, outdated)],
  ['42703', failed('A column is missing', 'schema', false, outdated)],
  ['3F000', failed('The schema is missing', 'schema', false, outdated)],
  ['42501', failed('The database user lacks a right', 'permission', false, 'grant the user its rights on the schema')],
  ['25006', failed('The database is read-only', 'readOnly', false, 'connect to the primary server')],
  [
    '26000',
    failed(
      'A prepared statement is gone',
      'preparedStatements',
      false,
      'set preparedStatements: false behind a pooling proxy',
    ),
  ],
  [
    '23514',
    failed(
      'A promoted custom field is written by a process that does not fill its column',
      'promotion',
      false,
      'restart this process, and give it the promote option that the others have',
    ),
  ],
  ['23', meaning('conflict', 'The database refused a value that breaks a constraint', 'constraint', false)],
  [
    '22',
    meaning(
      'validation_failed',
      'The database refused a value',
      'value',
      false,
      'check the values against the declared fields',
    ),
  ],
  ['54', meaning('validation_failed', 'A value or the statement is too large', 'size', false, 'shorten the value')],
]

/** Errors without a SQLSTATE, by the code that Node gives or by what `pg` and PGlite say. */
export const driverMeanings: readonly (readonly [name: string, shape: RegExp, meaning: ErrorMeaning])[] = [
  [
    'pool exhausted',
    /timeout exceeded when trying to connect/i,
    failed(
      'No connection of the pool came free in time',
      'connections',
      true,
      'make the pool greater, or hold its connections for a shorter time',
    ),
  ],
  [
    'socket error',
    /^(?:ECONN\w+|ENOTFOUND|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_\w+|ENOENT|ERR_(?:STREAM|SSL|TLS|SOCKET)\w*)$/,
    connectionFailed,
  ],
  ['connection lost', /connection terminated|connection ended/i, connectionFailed],
  ['client closed', /not queryable|pglite is clos/i, connectionFailed],
]

/** Whatever is not in a table. */
export const otherMeaning: ErrorMeaning = failed('The database could not carry out the call', 'database', false)

/** A write whose connection broke when the database may already have been committing it. */
export const unknownOutcomeMeaning: ErrorMeaning = failed(
  'The connection broke while the write may have been committing',
  'unknown_outcome',
  false,
  'look whether the write is there before repeating it',
)
