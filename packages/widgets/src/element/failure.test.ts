import { CrmError } from '@rapport/core'
import { RapportHttpError } from '@rapport/http/client'
import { expect, test } from 'vitest'
import { failureOf } from './failure.js'

const here = { online: true, nowMs: 1000 }

test('an abort is nobody’s failure', () => {
  expect(failureOf(new DOMException('gone', 'AbortError'), here)).toBeUndefined()
  expect(failureOf(new CrmError('aborted', 'gone'), here)).toBeUndefined()
})

test('a rate limit says when to try again, from the client’s error or from core’s', () => {
  const http = new RapportHttpError('slow down', { code: 'rate_limited', status: 429, retryAfterMs: 7000 })
  expect(failureOf(http, here)).toEqual({ kind: 'rate-limited', retryAt: 8000 })
  const core = new CrmError('rate_limited', 'slow down', { retryAfterMs: 2000 })
  expect(failureOf(core, here)).toEqual({ kind: 'rate-limited', retryAt: 3000 })
  expect(failureOf({ status: 429 }, here)).toEqual({ kind: 'rate-limited', retryAt: 31_000 })
})

test('a missing right and a missing sign-in are both forbidden', () => {
  expect(failureOf(new CrmError('access_denied', 'no'), here)).toEqual({ kind: 'forbidden' })
  expect(failureOf({ code: 'unauthenticated', status: 401 }, here)).toEqual({ kind: 'forbidden' })
})

test('without a network it is offline, whatever the transport called it', () => {
  expect(failureOf(new TypeError('Failed to fetch'), { ...here, online: false })).toEqual({ kind: 'offline' })
  expect(failureOf(new TypeError('Failed to fetch'), here)).toEqual({ kind: 'error', code: 'unknown' })
})

test('issues of the input are kept, malformed ones are not', () => {
  const issues = [{ path: 'subject', message: 'must be shorter' }, { path: 3 }, null]
  expect(failureOf({ code: 'validation_failed', issues }, here)).toEqual({
    kind: 'error',
    code: 'validation_failed',
    issues: [{ path: 'subject', message: 'must be shorter' }],
  })
})

test.each([undefined, null, 'text', 42])('the thrown value %j is an error like any other', (thrown) => {
  expect(failureOf(thrown, here)).toEqual({ kind: 'error', code: 'unknown' })
})
