import type { Write, WriteResult } from '@rapport/core/storage'
import { describe, expect, test } from 'vitest'
import { customerTable } from './customer.fixture.js'
import { WriteCompiler, type WriteStatement } from './sql-write.js'
import { groupWrites } from './write-groups.js'

const entity = 'customer'
const compiler = new WriteCompiler('"rapport"."change"')
const compile = (...batch: Write[]): WriteStatement =>
  compiler.compile(
    'acme',
    groupWrites(() => customerTable, batch),
  )
const row = (id: string, fields: object = {}) => ({
  id,
  stage: 'new',
  updatedAt: '2026-03-01T00:00:00.000Z',
  ...fields,
})

describe('a batch as SQL', () => {
  test('a lone insert is one plain statement of typed parameters', () => {
    const { text, values } = compile({ do: 'insert', entity, row: row('a', { custom: { x: 1 } }) })
    expect(text).toMatch(
      /^with w0 as \(insert into "rapport"\."customer" as t .* select \$1::text, 1, .*\) insert into "rapport"\."change"/,
    )
    expect(text).not.toContain('jsonb_to_recordset')
    expect(values[0]).toBe('acme')
    expect(values).toContain('{"x":1}')
  })

  test('many rows are one JSON parameter, and their number leaves the text as it is', () => {
    const rows = (count: number): WriteStatement =>
      compile(...Array.from({ length: count }, (_, index): Write => ({ do: 'insert', entity, row: row(`r${index}`) })))
    expect(rows(2).text).toBe(rows(900).text)
    expect(rows(900).values).toHaveLength(2)
  })

  test('the text depends on the shape alone', () => {
    const patch = (value: string, version: number): string =>
      compile({ do: 'patch', entity, id: value, set: { name: value }, ifVersion: version }).text
    expect(patch('a', 1)).toBe(patch(`'; drop table x; --`, 99))
  })

  test('several rows that must match are guarded, a lone one is not', () => {
    const patch = (id: string): Write => ({ do: 'patch', entity, id, set: { name: 'x' } })
    expect(compile(patch('a')).text).not.toContain('1 /')
    expect(compile(patch('a'), patch('b')).text).toContain('1 / (case when (select count(*) from w0) = $3::bigint')
  })

  test('what gives values up comes before what takes them, and ids are in order', () => {
    const groups = groupWrites(
      () => customerTable,
      [
        { do: 'insert', entity, row: row('z') },
        { do: 'patch', entity, id: 'y', set: { uniqueKey: null } },
        { do: 'delete', entity, id: 'x' },
        { do: 'delete', entity, id: 'b' },
      ],
    )
    expect(groups.map(({ kind }) => kind)).toEqual(['delete', 'patch', 'insert'])
    expect(groups[0]?.members.map(({ index }) => index)).toEqual([3, 2])
  })

  test('results come back at the position of their writes; a missing row gives none', () => {
    const { collect } = compile(
      { do: 'patch', entity, id: 'b', add: { orders: 1 } },
      { do: 'insert', entity, row: row('c', { version: 7 }) },
      { do: 'check', entity, id: 'd', is: 'absent' },
    )
    const results: WriteResult[] = []
    expect(collect({ rows: [[1, 'b', 4, [9]]], rowCount: 1 }, results)).toBe(true)
    expect(results).toEqual([
      { id: 'b', version: 4, values: { orders: 9 } },
      { id: 'c', version: 7 },
      { id: 'd', version: 0 },
    ])
    expect(collect({ rows: [], rowCount: 0 }, [])).toBe(false)
  })

  test('a lone write at a known version returns nothing where the number of rows tells', () => {
    const write: Write = { do: 'patch', entity, id: 'b', set: { orders: 1 }, ifVersion: 4 }
    const groups = groupWrites(() => customerTable, [write])
    const compiler = new WriteCompiler('"rapport"."change"')
    const counted = compiler.compile('acme', groups, true)
    expect(counted.text).not.toContain('returning 0')
    const results: WriteResult[] = []
    expect(counted.collect({ rows: [], rowCount: 1 }, results)).toBe(true)
    expect(results).toEqual([{ id: 'b', version: 5 }])
    expect(counted.collect({ rows: [], rowCount: 0 }, [])).toBe(false)
    const asked = compiler.compile('acme', groups)
    expect(asked.text).toContain('returning 0')
    expect(asked.collect({ rows: [[0, 'b', '5']], rowCount: 1 }, [])).toBe(true)
  })

  test.each(['nope', 'x" = 1; --', 'tenantId'])('the undeclared path %s is refused', (path) => {
    const refused = expect.objectContaining({ code: 'validation_failed' })
    expect(() => compile({ do: 'patch', entity, id: 'a', set: { [path]: 1 } })).toThrow(refused)
    expect(() => compile({ do: 'insert', entity, row: row('a', { [path]: 1 }) })).toThrow(refused)
  })
})
