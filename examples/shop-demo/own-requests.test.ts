import { expect, test } from 'vitest'
import { isLoopback, isNamedHonestly, isOfOwnOrigin } from './own-requests.js'

test.each([
  ['http://localhost:4000/', '127.0.0.1', true],
  ['http://127.0.0.1:4000/', '127.0.0.1', true],
  ['http://192.168.0.7:8080/', '0.0.0.0', true],
  ['http://[::1]:4000/', '::1', true],
  ['http://demo.internal:4000/', 'demo.internal', true],
  ['http://evil.example:4000/', '127.0.0.1', false],
  ['http://evil.example:4000/', '0.0.0.0', false],
  ['http://127.0.0.1.evil.example:4000/', '127.0.0.1', false],
])('a request for %s at a server on %s is honest: %s', (url, host, honest) => {
  expect(isNamedHonestly(new Request(url), host)).toBe(honest)
})

test.each([
  ['http://localhost:4000', true],
  ['http://localhost:4001', false],
  ['https://localhost:4000', false],
  ['null', false],
  [undefined, false],
])('a form of the origin %s is ours: %s', (origin, ours) => {
  const request = new Request('http://localhost:4000/session', { method: 'POST', headers: origin ? { origin } : {} })
  expect(isOfOwnOrigin(request)).toBe(ours)
})

test.each([
  ['127.0.0.1', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.evil.example', false],
])('only this machine reaches %s: %s', (host, alone) => {
  expect(isLoopback(host)).toBe(alone)
})
