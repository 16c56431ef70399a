import { expect, test } from 'vitest'
import { CrmError, invalidField, isCrmError, throwIfAborted, validationError } from './crm-error.js'

const brand: unique symbol = Symbol.for('rapport.CrmError')

test('isCrmError knows an error of another copy of the package', () => {
  class OtherCopy extends Error {
    readonly code = 'conflict'
    readonly details = {}
    readonly [brand] = true
  }
  expect(isCrmError(new OtherCopy())).toBe(true)
  expect(isCrmError(new OtherCopy(), 'conflict')).toBe(true)
  expect(isCrmError(new OtherCopy(), 'not_found')).toBe(false)
})

test('isCrmError is not taken in by look-alikes', () => {
  const wire: unknown = JSON.parse(JSON.stringify(new CrmError('conflict', 'x')))
  for (const other of [wire, new Error('x'), { code: 'conflict', details: {} }, null, undefined, 'conflict'])
    expect(isCrmError(other)).toBe(false)
})

test('a CrmError is an Error with code, details and cause; its JSON leaves the cause and the stack behind', () => {
  const cause = new Error('password=hunter2')
  const error = new CrmError('storage_failed', 'The storage failed', { retriable: true }, { cause })
  expect(error).toBeInstanceOf(Error)
  expect(error.name).toBe('CrmError')
  expect(error.cause).toBe(cause)
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: 'storage_failed',
    message: 'The storage failed',
    details: { retriable: true },
  })
})

test('a validation error names the first field in its message and all of them in its details', () => {
  const issues = [
    { path: 'emails.0.address', message: 'must be an e-mail address' },
    { path: '', message: 'must be an object' },
  ]
  const error = validationError(issues, { entity: 'contact' })
  expect(error.message).toBe('emails.0.address: must be an e-mail address (and 1 more)')
  expect(error.details).toEqual({ entity: 'contact', field: 'emails.0.address', issues })
  expect(invalidField('', 'must be an object').message).toBe('input: must be an object')
})

test('throwIfAborted throws `aborted` with the reason as cause, once the signal has fired', () => {
  const controller = new AbortController()
  throwIfAborted(undefined)
  throwIfAborted(controller.signal)
  controller.abort('enough')
  expect(() => throwIfAborted(controller.signal)).toThrow(expect.objectContaining({ code: 'aborted', cause: 'enough' }))
})
