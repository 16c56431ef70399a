import type { Scalar, StorageSession, Write, WriteResult } from '@rapport/core/storage'
import { assertClose, assertEqual, assertFails } from '../assertion.js'
import type { DefineSuite } from './conformance-case.js'
import { assertRow, matchingIds, readRow } from './reading.js'
import { idAt, specimen, specimenNote, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

const id = idAt(1)
const entity = specimen.name

type PatchFields = Omit<Extract<Write, { do: 'patch' }>, 'do' | 'entity' | 'id'>

async function patch(session: StorageSession, fields: PatchFields): Promise<WriteResult | undefined> {
  const [result] = await session.write([{ do: 'patch', entity, id, ...fields }])
  return result
}

/** What each kind of write does, returns and refuses. */
export const writesSuite: DefineSuite = (define) => {
  define('insert stores a row at version 1', async ({ session }) => {
    const results = await session.write([{ do: 'insert', entity, row: specimenRow(id, { name: 'Ada', score: 3 }) }])
    assertEqual(results, [{ id, version: 1 }], 'results of insert')
    await assertRow(session, specimen, id, { version: 1, stage: 'open', name: 'Ada', score: 3 }, 'the inserted row')
  })

  define('insert keeps a version that is given, and later changes count on from it', async ({ session }) => {
    const results = await session.write([{ do: 'insert', entity, row: { ...specimenRow(id), version: 7 } }])
    assertEqual(results, [{ id, version: 7 }], 'results of insert')
    assertEqual(await patch(session, { set: { score: 1 } }), { id, version: 8 }, 'result of the patch after it')
  })

  define('insert of an id that exists fails with conflict, and changes nothing', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id, { name: 'first' })])
    await assertFails(
      () => session.write([{ do: 'insert', entity, row: specimenRow(id, { name: 'second' }) }]),
      'conflict',
      { reason: 'exists', entity, id, writeIndex: 0 },
      'insert of an id that exists',
    )
    await assertRow(session, specimen, id, { version: 1, stage: 'open', name: 'first' }, 'the first row')
  })

  define('patch sets the named paths, counts the version up and leaves the rest', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id, { name: 'Ada', score: 3, 'scores.clv.value': 1 })])
    const set = { name: 'Grace', active: false, 'scores.clv.orders': 4 }
    assertEqual(await patch(session, { set }), { id, version: 2 }, 'result of patch')
    const expected = { version: 2, stage: 'open', score: 3, 'scores.clv.value': 1, ...set }
    await assertRow(session, specimen, id, expected, 'the patched row')
  })

  define('null in a patch makes a value absent, of every type', async ({ session }) => {
    const full = {
      name: 'Ada',
      score: 1,
      ratio: 0.5,
      active: true,
      at: '2026-03-01T10:00:00.000Z',
      tags: ['a'],
      custom: { a: 1 },
      'scores.clv.value': 2,
    }
    await insertRows(session, specimen, [specimenRow(id, full)])
    const set = Object.fromEntries(Object.keys(full).map((field) => [field, null]))
    await patch(session, { set })
    await assertRow(session, specimen, id, { version: 2, stage: 'open' }, 'the emptied row')
    assertEqual(await matchingIds(session, specimen, { op: 'isNull', path: 'name' }), [id], 'rows without a name')
  })

  define('arrays and json replace whole', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id, { tags: ['a', 'b'], custom: { kept: 1, deep: { a: 1 } } })])
    await patch(session, { set: { tags: ['c'], custom: { deep: { b: 2 } } } })
    const expected = { version: 2, stage: 'open', tags: ['c'], custom: { deep: { b: 2 } } }
    await assertRow(session, specimen, id, expected, 'the patched row')
    const tagged = await matchingIds(session, specimen, { op: 'has', path: 'tags', value: 'a' })
    assertEqual(tagged, [], 'rows found by a tag that was replaced')
  })

  define('add adds to a number, missing counts as 0, and the result tells the new value', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id, { score: 40 })])
    const first = await patch(session, { add: { score: 2, rank: -5 } })
    assertEqual(first, { id, version: 2, values: { score: 42, rank: -5 } }, 'result of add')
    const second = await patch(session, { add: { ratio: 0.25, score: -42 } })
    assertEqual(second?.values, { ratio: 0.25, score: 0 }, 'values of a second add')
    const third = await patch(session, { add: { ratio: 0.1 } })
    assertClose(third?.values?.ratio, 0.35, 'ratio after 0.25 + 0.1')
    const row = await readRow(session, specimen, id)
    assertEqual([row.score, row.rank, row.version], [0, -5, 4], 'score, rank and version stored')
  })

  const extremes: readonly (readonly ['max' | 'min', string, readonly Scalar[], readonly Scalar[]])[] = [
    ['max', 'score', [5, 3, 9, 9], [5, 5, 9, 9]],
    ['min', 'score', [5, 8, -2, 0], [5, 5, -2, -2]],
    ['max', 'ratio', [-0.5, 0.25, 0], [-0.5, 0.25, 0.25]],
    ['min', 'ratio', [1e300, 2, 3], [1e300, 2, 2]],
    [
      'max',
      'at',
      ['2026-03-01T10:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-03-01T10:00:00.001Z'],
      ['2026-03-01T10:00:00.000Z', '2026-03-01T10:00:00.000Z', '2026-03-01T10:00:00.001Z'],
    ],
    [
      'min',
      'at',
      ['9999-12-31T23:59:59.999Z', '0001-01-01T00:00:00.000Z'],
      ['9999-12-31T23:59:59.999Z', '0001-01-01T00:00:00.000Z'],
    ],
    ['max', 'name', ['b', 'a', 'B', '\uFF5E', '😀', '\uFF5E'], ['b', 'b', 'b', '\uFF5E', '😀', '😀']],
    ['min', 'name', ['b', 'a', 'B', 'C'], ['b', 'a', 'B', 'B']],
  ]
  for (const [fn, field, given, kept] of extremes) {
    define(
      `${fn} keeps the ${fn === 'max' ? 'greater' : 'smaller'} ${field}; a missing one gives way`,
      async ({ session }) => {
        await insertRows(session, specimen, [specimenRow(id)])
        for (const [index, value] of given.entries()) {
          const result = await patch(session, { [fn]: { [field]: value } })
          const expected = kept[index]!
          assertEqual(
            result,
            { id, version: index + 2, values: { [field]: expected } },
            `result of ${fn} number ${index + 1}`,
          )
          assertEqual(
            (await readRow(session, specimen, id))[field],
            expected,
            `${field} after ${fn} number ${index + 1}`,
          )
        }
      },
    )
  }

  define('set, add, max and min work together in one patch', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id, { score: 1, rank: 5, ratio: 2 })])
    const result = await patch(session, {
      set: { name: 'x', note: null },
      add: { score: 1 },
      max: { rank: 3 },
      min: { ratio: 1.5 },
    })
    assertEqual(result, { id, version: 2, values: { score: 2, rank: 5, ratio: 1.5 } }, 'result of the patch')
    const expected = { version: 2, stage: 'open', name: 'x', score: 2, rank: 5, ratio: 1.5 }
    await assertRow(session, specimen, id, expected, 'the patched row')
  })

  define('touch: false changes values and leaves the version', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id)])
    // Read before as well as after: a cache by version would not notice the change.
    await assertRow(session, specimen, id, { version: 1, stage: 'open' }, 'the row before the patch')
    const result = await patch(session, {
      set: { 'scores.clv.value': 3.5 },
      add: { 'scores.clv.orders': 2 },
      touch: false,
    })
    assertEqual(result, { id, version: 1, values: { 'scores.clv.orders': 2 } }, 'result of the patch')
    const expected = { version: 1, stage: 'open', 'scores.clv.value': 3.5, 'scores.clv.orders': 2 }
    await assertRow(session, specimen, id, expected, 'the patched row')
    assertEqual(
      await patch(session, { set: { score: 1 }, ifVersion: 1 }),
      { id, version: 2 },
      'a versioned patch after it',
    )
  })

  define('patch and delete of a missing row fail with not_found', async ({ session }) => {
    const missing: readonly Write[] = [
      { do: 'patch', entity, id, set: { score: 1 } },
      { do: 'patch', entity, id, add: { score: 1 }, touch: false },
      { do: 'delete', entity, id },
    ]
    for (const write of missing) {
      await assertFails(
        () => session.write([write]),
        'not_found',
        { entity, id, writeIndex: 0 },
        `${write.do} of a missing row`,
      )
    }
    await assertRow(session, specimen, id, undefined, 'the row after it')
  })

  define('upsert inserts, or replaces all of the row and counts the version up', async ({ session }) => {
    const first = await session.write([{ do: 'upsert', entity, row: specimenRow(id, { name: 'Ada', tags: ['a'] }) }])
    assertEqual(first, [{ id, version: 1 }], 'results of the first upsert')
    const second = await session.write([{ do: 'upsert', entity, row: specimenRow(id, { score: 5 }) }])
    assertEqual(second, [{ id, version: 2 }], 'results of the second upsert')
    await assertRow(session, specimen, id, { version: 2, stage: 'open', score: 5 }, 'the replaced row')
  })

  define('delete removes the row and returns its last version; the id is free again', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id, { name: 'Ada' })])
    await patch(session, { set: { score: 1 } })
    assertEqual(await session.write([{ do: 'delete', entity, id }]), [{ id, version: 2 }], 'results of delete')
    await assertRow(session, specimen, id, undefined, 'the deleted row')
    assertEqual(await matchingIds(session, specimen), [], 'rows found after delete')
    assertEqual(
      await session.write([{ do: 'insert', entity, row: specimenRow(id) }]),
      [{ id, version: 1 }],
      'results of a new insert',
    )
    await assertRow(session, specimen, id, { version: 1, stage: 'open' }, 'the new row')
  })

  define('check passes where it holds, returns the version found, and changes nothing', async ({ session }) => {
    await insertRows(session, specimen, [{ ...specimenRow(id), version: 3 }])
    const results = await session.write([
      { do: 'check', entity, id, is: 3 },
      { do: 'check', entity, id: idAt(2), is: 'absent' },
      { do: 'check', entity: specimenNote.name, id, is: 'absent' },
    ])
    assertEqual(
      results,
      [
        { id, version: 3 },
        { id: idAt(2), version: 0 },
        { id, version: 0 },
      ],
      'results of the checks',
    )
    assertEqual(
      await session.write([{ do: 'check', entity, id, is: 'present' }]),
      [{ id, version: 3 }],
      'results of present',
    )
    await assertRow(session, specimen, id, { version: 3, stage: 'open' }, 'the checked row')
  })

  define('check fails with conflict where it does not hold', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id)])
    const failing: readonly Extract<Write, { do: 'check' }>[] = [
      { do: 'check', entity, id, is: 'absent' },
      { do: 'check', entity, id, is: 2 },
      { do: 'check', entity, id: idAt(2), is: 'present' },
      { do: 'check', entity, id: idAt(2), is: 1 },
    ]
    for (const check of failing) {
      const details = { reason: 'check', entity, id: check.id, writeIndex: 0 }
      await assertFails(() => session.write([check]), 'conflict', details, `check that a row is ${check.is}`)
    }
  })

  define('a batch mixes kinds and entities, and returns results in its order', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(idAt(2)), specimenRow(idAt(3)), specimenRow(idAt(4))])
    const note = { id, specimenId: idAt(2), body: 'note', visible: true }
    const results = await session.write([
      { do: 'delete', entity, id: idAt(3) },
      { do: 'insert', entity: specimenNote.name, row: note },
      { do: 'check', entity, id: idAt(4), is: 'present' },
      { do: 'patch', entity, id: idAt(2), add: { score: 2 }, ifVersion: 1 },
      { do: 'upsert', entity, row: specimenRow(id, { name: 'new' }) },
    ])
    const expected = [
      { id: idAt(3), version: 1 },
      { id, version: 1 },
      { id: idAt(4), version: 1 },
      { id: idAt(2), version: 2, values: { score: 2 } },
      { id, version: 1 },
    ]
    assertEqual(results, expected, 'results of the batch')
    await assertRow(session, specimenNote, id, { ...note, version: 1 }, 'the note with the same id')
    await assertRow(session, specimen, id, { version: 1, stage: 'open', name: 'new' }, 'the specimen with the same id')
    assertEqual(await matchingIds(session, specimen), [id, idAt(2), idAt(4)], 'specimens after the batch')
  })

  define('a batch of 1,000 writes is done as one', async ({ session }) => {
    const ids = Array.from({ length: 1_000 }, (_, index) => idAt(index))
    const inserted = await session.write(
      ids.map((each, index) => ({ do: 'insert', entity, row: specimenRow(each, { score: index }) })),
    )
    assertEqual(
      inserted.map((result) => result.id),
      ids,
      'ids of the results',
    )
    const patched = await session.write(ids.map((each) => ({ do: 'patch', entity, id: each, add: { score: 1 } })))
    assertEqual(
      patched.map((result) => result.values?.score),
      ids.map((_, index) => index + 1),
      'values of the results',
    )
    assertEqual((await readRow(session, specimen, idAt(999))).score, 1_000, 'score of the last row')
  })
}
