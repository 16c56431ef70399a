import { inspect } from 'node:util'
import { CrmError } from '@rapport/core/storage'
import { describe, expect, test } from 'vitest'
import { isReplayable, toCrmError } from './postgres-errors.js'

const failure = (code: string, more: object = {}): Error =>
  Object.assign(new Error('value "secret" is wrong'), { code, ...more })

describe('errors of the database', () => {
  test.each([
    ['40001', 'conflict', 'serialization', true],
    ['40P01', 'conflict', 'deadlock', true],
    ['57014', 'storage_failed', 'timeout', true],
    ['57P01', 'storage_failed', 'connection', true],
    ['08006', 'storage_failed', 'connection', true],
    ['53300', 'storage_failed', 'connections', true],
    ['53100', 'storage_failed', 'resources', false],
    ['28P01', 'storage_failed', 'authentication', false],
    ['3D000', 'storage_failed', 'database', false],
    ['42P01', 'storage_failed', 'schema', false],
    ['42501', 'storage_failed', 'permission', false],
    ['XX000', 'storage_failed', 'database', false],
    ['ECONNREFUSED', 'storage_failed', 'connection', true],
    ['ECONNRESET', 'storage_failed', 'connection', true],
    ['EPIPE', 'storage_failed', 'connection', true],
  ])('%s is %s, %s', (code, expected, reason, retriable) => {
    expect(toCrmError(failure(code))).toMatchObject({ code: expected, details: { reason, retriable } })
  })

  test('a refused value is a validation error', () => {
    expect(toCrmError(failure('22P02'))).toMatchObject({ code: 'validation_failed' })
  })

  test('neither message nor detail with their values come through, also not in the cause', () => {
    const error = toCrmError(
      failure('23505', { detail: 'Key (email)=(secret) already exists.', table: 'contact', constraint: 'c' }),
    )
    expect(inspect(error)).not.toContain('secret')
    expect((error.cause as Error).message).toBe('SQLSTATE 23505 contact c')
  })

  test('a CrmError stays as it is', () => {
    const error = new CrmError('conflict', 'x')
    expect(toCrmError(error)).toBe(error)
  })

  test('only what the database undid may be repeated', () => {
    expect(
      [failure('40001'), failure('40P01'), failure('08006'), failure('23505'), undefined].map(isReplayable),
    ).toEqual([true, true, false, false, false])
  })
})
