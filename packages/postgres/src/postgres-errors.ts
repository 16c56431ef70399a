import { CrmError, type CrmErrorDetails, isCrmError } from '@rapport/core/storage'

interface Meaning {
  readonly code: 'storage_failed' | 'validation_failed' | 'conflict'
  readonly message: string
  readonly details: CrmErrorDetails
}

const failed = (message: string, reason: string, retriable: boolean, remedy?: string): Meaning => ({
  code: 'storage_failed',
  message,
  details: { reason, retriable, ...(remedy !== undefined && { remedy }) },
})

/** By SQLSTATE, the longest prefix first. PostgreSQL documentation, appendix A. */
const meanings: readonly (readonly [prefix: string, meaning: Meaning])[] = [
  ['40P01', failed('The database ended a deadlock by giving up this call', 'deadlock', true)],
  ['40', failed('The database asks to repeat the transaction', 'serialization', true)],
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
  ['08', failed('The connection to the database failed', 'connection', true)],
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
  [
    '28',
    failed('The database refused the login', 'authentication', false, 'check user and password of the connection'),
  ],
  ['3D000', failed('There is no such database', 'database', false, 'create the database, or name another one')],
  ['42P01', failed('A table is missing', 'schema', false, 'apply the plan: the schema is not up to date')],
  ['42703', failed('A column is missing', 'schema', false, 'apply the plan: the schema is not up to date')],
  ['3F000', failed('The schema is missing', 'schema', false, 'apply the plan: the schema is not up to date')],
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
    '23',
    {
      code: 'conflict',
      message: 'The database refused a value that breaks a constraint',
      details: { reason: 'constraint' },
    },
  ],
  [
    '22',
    {
      code: 'validation_failed',
      message: 'The database refused a value',
      details: { remedy: 'check the values against the declared fields' },
    },
  ],
  [
    '54',
    {
      code: 'validation_failed',
      message: 'A value or the statement is too large',
      details: { remedy: 'shorten the value' },
    },
  ],
]

const lostConnection = failed('The connection to the database failed', 'connection', true)

/** Codes of Node's sockets and name resolution. */
const networkCodes = /^(?:ECONN\w+|ENOTFOUND|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_\w+|ENOENT)$/
/** What `pg` says, without a code, when a connection ends or cannot be had in time. */
const lostMessages =
  /connection terminated|connection ended|timeout exceeded when trying to connect|client has encountered a connection error|not queryable|pglite is clos/i

/** SQLSTATE of an error of the database; `undefined` for any other error. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = property(error, 'code')
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/** Name of the constraint or unique index that an error is about. */
export function constraintOf(error: unknown): string | undefined {
  return property(error, 'constraint')
}

/** Whether the database undid everything and asks to try again. */
export function isReplayable(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === '40001' || state === '40P01'
}

/**
 * The `CrmError` of what a driver threw. PostgreSQL's own message and detail repeat values, so neither is passed on: the cause
 * names the SQLSTATE, table and constraint only.
 */
export function toCrmError(error: unknown): CrmError {
  if (isCrmError(error)) return error
  const state = sqlStateOf(error)
  const meaning =
    state === undefined ? networkMeaning(error) : meanings.find(([prefix]) => state.startsWith(prefix))?.[1]
  const { code, message, details } = meaning ?? failed('The database could not carry out the call', 'database', false)
  return new CrmError(code, message, details, { cause: causeOf(error, state) })
}

function networkMeaning(error: unknown): Meaning | undefined {
  const code = property(error, 'code')
  if (code !== undefined && networkCodes.test(code)) return lostConnection
  return error instanceof Error && lostMessages.test(error.message) ? lostConnection : undefined
}

function causeOf(error: unknown, state: string | undefined): Error {
  if (state === undefined) {
    const code = property(error, 'code')
    return new Error(code ?? (error instanceof Error ? error.name : 'unknown'))
  }
  const places = (['schema', 'table', 'column', 'constraint'] as const).flatMap((name) => property(error, name) ?? [])
  return new Error([`SQLSTATE ${state}`, ...places].join(' '))
}

function property(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const value = (error as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' ? value : undefined
}
