import { CrmError } from '@rapport/core/storage'
import { describe, expect, test } from 'vitest'
import { assertClose, assertEqual, assertFails, ConformanceError } from './assertion.js'

describe('assertEqual', () => {
  test.each([
    [
      { a: 1, b: [true, 'x'] },
      { b: [true, 'x'], a: 1 },
    ],
    [-0, 0],
    [[], []],
    [null, null],
  ])('takes %j for equal to %j', (actual, expected) => {
    expect(() => assertEqual(actual, expected, 'value')).not.toThrow()
  })

  test.each([
    [1, '1', 'value: expected "1", got 1'],
    [null, undefined, 'value: expected undefined, got null'],
    [{ a: undefined }, {}, 'value: unexpected key "a" with undefined'],
    [{}, { a: null }, 'value: expected the key "a" with null'],
    [[1], [1, 2], 'value: expected 2 items [1,2], got 1 [1]'],
    [{ rows: [{ n: 1 }] }, { rows: [{ n: 2 }] }, 'value.rows[0].n: expected 2, got 1'],
    [[], {}, 'value: expected {}, got []'],
    [Number.NaN, 0, 'value: expected 0, got NaN'],
  ])('tells %j from %j by its first difference', (actual, expected, message) => {
    expect(() => assertEqual(actual, expected, 'value')).toThrow(new ConformanceError(message))
  })
})

describe('assertClose', () => {
  test('allows for rounding and nothing more', () => {
    expect(() => assertClose(0.1 + 0.2, 0.3, 'sum')).not.toThrow()
    expect(() => assertClose(0.3001, 0.3, 'sum')).toThrow('sum: expected about 0.3, got 0.3001')
    expect(() => assertClose('0.3', 0.3, 'sum')).toThrow(ConformanceError)
  })
})

describe('assertFails', () => {
  const conflict = new CrmError('conflict', 'changed', { reason: 'version', writeIndex: 2 })
  const fails = (details: object, call: () => unknown = () => Promise.reject(conflict)): Promise<void> =>
    assertFails(call, 'conflict', details, 'write')

  test('passes an error of the code with the details, thrown or rejected', async () => {
    await fails({ reason: 'version', writeIndex: 2 })
    await fails({}, () => {
      throw conflict
    })
  })

  test('refuses another detail, another code, another error, and none', async () => {
    await expect(fails({ writeIndex: 1 })).rejects.toThrow('write: details.writeIndex: expected 1, got 2')
    await expect(assertFails(() => Promise.reject(conflict), 'aborted', {}, 'write')).rejects.toThrow('write: code')
    await expect(fails({}, () => Promise.reject(new Error('x')))).rejects.toThrow(
      'expected a CrmError with code conflict, got Error: x',
    )
    await expect(fails({}, () => Promise.resolve())).rejects.toThrow('but the call went through')
  })
})
