import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { driverMeanings, otherMeaning, sqlStateMeanings, unknownOutcomeMeaning } from './error-meanings.js'
import { toCrmError } from './postgres-errors.js'

/** The table of the README: what came from the database, and what the caller gets. */
const documented = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^\| (?:`|[a-z])/.test(line) && line.split('|').length === 6)
  .map((line) => line.split('|').map((cell) => cell.replaceAll('`', '').trim()))
  .map(([, origin = '', code, reason, retriable]) => ({ origin, code, reason, retriable }))
  .filter(({ code }) => code !== 'code')

/** SQLSTATE of a row such as `57… server is stopping`; undefined for the others. */
const stateOf = (origin: string): string | undefined => /^[0-9][0-9A-Z]{1,4}(?=…|\s|$)/.exec(origin)?.[0]

describe('the table of errors', () => {
  test('names every SQLSTATE and every error of a driver that has a meaning, once', () => {
    const states = documented.flatMap(({ origin }) => stateOf(origin) ?? [])
    expect(states.sort()).toEqual(sqlStateMeanings.map(([prefix]) => prefix).sort())
    const others = documented.filter(({ origin }) => stateOf(origin) === undefined).map(({ origin }) => origin)
    expect(others.sort()).toEqual(
      [...driverMeanings.map(([name]) => name), 'write cut before its answer', 'anything else'].sort(),
    )
  })

  test.each(documented)('$origin is $code, $reason, retriable: $retriable', ({ origin, code, reason, retriable }) => {
    const state = stateOf(origin)
    const meaning =
      driverMeanings.find(([name]) => name === origin)?.[2] ??
      (origin === 'write cut before its answer' ? unknownOutcomeMeaning : otherMeaning)
    const { code: actual, details } =
      state === undefined ? meaning : toCrmError(Object.assign(new Error('x'), { code: state.padEnd(5, '9') }))
    expect([actual, details.reason, details.retriable ? 'yes' : 'no']).toEqual([code, reason, retriable])
  })

  test.each([
    ['timeout exceeded when trying to connect', undefined, 'connections'],
    ['read ECONNRESET', 'ECONNRESET', 'connection'],
    ['Connection terminated unexpectedly', undefined, 'connection'],
    ['Client has encountered a connection error and is not queryable', undefined, 'connection'],
    ['PGlite is closed', undefined, 'connection'],
    ['something new', undefined, 'database'],
  ])('what a driver says: %s', (message, code, reason) => {
    const error = toCrmError(Object.assign(new Error(message), code && { code }))
    expect(error.details.reason).toBe(reason)
  })
})
