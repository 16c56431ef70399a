import { CrmError, isCrmError } from '@rapport/core/storage'
import {
  driverMeanings,
  type ErrorMeaning,
  otherMeaning,
  sqlStateMeanings,
  unknownOutcomeMeaning,
} from './error-meanings.js'

/** SQLSTATE of an error of the database; `undefined` for any other error. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = property(error, 'code')
  // Every SQLSTATE has a digit; EPIPE has none.
  return code !== undefined && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined
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

/** Whether the connection is no longer to be trusted: it broke, or the server is ending it. */
export function isConnectionFailure(error: unknown): boolean {
  if (isCrmError(error)) return false
  const state = sqlStateOf(error)
  if (state !== undefined) return state.startsWith('08') || state.startsWith('57P')
  return driverMeaning(error)?.meaning.details.reason === 'connection'
}

/** Whether this server, or this client, cannot `copy` into this table, as one with row-level security. */
export function isCopyMissing(error: unknown): boolean {
  return sqlStateOf(error) === featureNotSupported
}

/** The error of a client that cannot `copy`. */
export function copyMissing(): Error {
  return Object.assign(new Error('this client cannot copy'), { code: featureNotSupported })
}

const featureNotSupported = '0A000'

/**
 * The `CrmError` of what a driver threw. PostgreSQL's own message and detail repeat values, so neither is passed on: the cause
 * names the SQLSTATE, table and constraint only.
 */
export function toCrmError(error: unknown): CrmError {
  if (isCrmError(error)) return error
  const state = sqlStateOf(error)
  const meaning =
    state === undefined
      ? driverMeaning(error)?.meaning
      : sqlStateMeanings.find(([prefix]) => state.startsWith(prefix))?.[1]
  return withMeaning(meaning ?? otherMeaning, error)
}

/**
 * The error of a write that was sent and perhaps committed, when its connection broke before the answer: `unknown_outcome`. Any other
 * error of a write says that it did not happen and comes back as it is.
 */
export function writeError(error: unknown): unknown {
  const neverSent = sqlStateOf(error) === undefined && driverMeaning(error)?.name === 'client closed'
  return isConnectionFailure(error) && !neverSent ? withMeaning(unknownOutcomeMeaning, error) : error
}

function withMeaning({ code, message, details }: ErrorMeaning, error: unknown): CrmError {
  return new CrmError(code, message, details, { cause: causeOf(error, sqlStateOf(error)) })
}

function driverMeaning(error: unknown): { readonly name: string; readonly meaning: ErrorMeaning } | undefined {
  const said = property(error, 'code') ?? (error instanceof Error ? error.message : '')
  const found = driverMeanings.find(([, shape]) => shape.test(said))
  return found && { name: found[0], meaning: found[2] }
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
