import { isCrmError, type StorageSession, type Write } from '@rapport/core/storage'
import { assert, assertEqual, assertFails } from '../assertion.js'
import type { DefineSuite } from './conformance-case.js'
import { assertRow, readRow } from './reading.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { assertNoneFailed, concurrently, insertRows, mayRepeat, retrying } from './writing.js'

const id = idAt(1)
const entity = specimen.name
const writers = 8

/** Optimistic concurrency: who wins, and that nobody's work is lost. */
export const versionsSuite: DefineSuite = (define, rounds) => {
  define('a write at the version expected goes through', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id)])
    const patched = await session.write([{ do: 'patch', entity, id, set: { score: 1 }, ifVersion: 1 }])
    assertEqual(patched, [{ id, version: 2 }], 'results of the patch')
    assertEqual(
      await session.write([{ do: 'delete', entity, id, ifVersion: 2 }]),
      [{ id, version: 2 }],
      'results of delete',
    )
  })

  define('a write at another version fails with conflict, and changes nothing', async ({ session }) => {
    await insertRows(session, specimen, [{ ...specimenRow(id, { score: 7 }), version: 3 }])
    const stale: readonly Write[] = [
      { do: 'patch', entity, id, set: { score: 1 }, ifVersion: 2 },
      { do: 'patch', entity, id, set: { score: 1 }, ifVersion: 4 },
      { do: 'patch', entity, id, add: { score: 1 }, ifVersion: 2, touch: false },
      { do: 'delete', entity, id, ifVersion: 2 },
    ]
    for (const write of stale) {
      const details = { reason: 'version', entity, id, writeIndex: 0 }
      await assertFails(() => session.write([write]), 'conflict', details, `${write.do} at another version`)
    }
    await assertRow(session, specimen, id, { version: 3, stage: 'open', score: 7 }, 'the row after it')
  })

  define('a versioned write of a missing row fails with not_found', async ({ session }) => {
    const details = { entity, id, writeIndex: 0 }
    await assertFails(
      () => session.write([{ do: 'patch', entity, id, set: {}, ifVersion: 1 }]),
      'not_found',
      details,
      'patch',
    )
    await assertFails(() => session.write([{ do: 'delete', entity, id, ifVersion: 1 }]), 'not_found', details, 'delete')
  })

  define('of writers who expect the same version exactly one wins each round', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id)])
    for (let version = 1; version <= rounds(5, 25); version++) {
      const outcomes = await concurrently(writers, (writer) =>
        session.write([{ do: 'patch', entity, id, set: { rank: writer }, add: { score: 1 }, ifVersion: version }]),
      )
      const winners = outcomes.flatMap((outcome, writer) => (outcome.status === 'fulfilled' ? [writer] : []))
      assertEqual(winners.length, 1, `winners among ${writers} writers who expect version ${version}`)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') {
          await assertFails(
            () => Promise.reject(outcome.reason),
            'conflict',
            { reason: 'version' },
            'a writer who lost',
          )
        }
      }
      const expected = { version: version + 1, stage: 'open', rank: winners[0], score: version }
      await assertRow(session, specimen, id, expected, 'the row after the round')
    }
  })

  define('no addition is lost among concurrent writers', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id)])
    const each = rounds(5, 25)
    const outcomes = await concurrently(writers, async () => {
      for (let count = 0; count < each; count++) await session.write([{ do: 'patch', entity, id, add: { score: 1 } }])
    })
    assertNoneFailed(outcomes)
    const total = writers * each
    await assertRow(
      session,
      specimen,
      id,
      { version: total + 1, stage: 'open', score: total },
      'the row after all additions',
    )
  })

  define('concurrent additions return every value once', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id)])
    const outcomes = await concurrently(20, () => session.write([{ do: 'patch', entity, id, add: { score: 1 } }]))
    assertNoneFailed(outcomes)
    const values = outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value[0]?.values?.score : 'failed',
    )
    const sorted = values.toSorted((left, right) => Number(left) - Number(right))
    assertEqual(
      sorted,
      Array.from({ length: 20 }, (_, index) => index + 1),
      'values returned to the writers',
    )
  })

  define('no update is lost when writers read, compute and retry on conflict', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id, { score: 0 })])
    const each = rounds(3, 8)
    const outcomes = await concurrently(4, async () => {
      for (let count = 0; count < each; count++) await incrementByReading(session)
    })
    assertNoneFailed(outcomes)
    assertEqual((await readRow(session, specimen, id)).score, 4 * each, 'score after all increments')
  })

  define('derived fields written with touch: false conflict with nobody', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(id)])
    const outcomes = await concurrently(10, (writer) =>
      writer === 0
        ? session.write([{ do: 'patch', entity, id, set: { name: 'edited' }, ifVersion: 1 }])
        : session.write([{ do: 'patch', entity, id, add: { 'scores.clv.orders': 1 }, touch: false }]),
    )
    assertNoneFailed(outcomes)
    const expected = { version: 2, stage: 'open', name: 'edited', 'scores.clv.orders': 9 }
    await assertRow(session, specimen, id, expected, 'the row after one edit and nine derivations')
  })

  define('concurrent upserts of one id all go through and count on', async ({ session }) => {
    const outcomes = await concurrently(writers, (writer) =>
      session.write([{ do: 'upsert', entity, row: specimenRow(id, { score: writer }) }]),
    )
    assertNoneFailed(outcomes)
    assertEqual((await readRow(session, specimen, id)).version, writers, 'version after all upserts')
  })

  define('of concurrent inserts of one id exactly one wins', async ({ session }) => {
    for (let round = 1; round <= rounds(3, 10); round++) {
      const outcomes = await concurrently(writers, (writer) =>
        session.write([{ do: 'insert', entity, row: specimenRow(idAt(round), { score: writer }) }]),
      )
      const winners = outcomes.flatMap((outcome, writer) => (outcome.status === 'fulfilled' ? [writer] : []))
      assertEqual(winners.length, 1, 'winners among concurrent inserts')
      assertEqual((await readRow(session, specimen, idAt(round))).score, winners[0], 'score of the winner')
    }
  })

  define('of two batches that each check what the other changes at most one goes through', async ({ session }) => {
    for (let round = 0; round < rounds(4, 15); round++) {
      const [left, right] = [idAt(100 + round * 2), idAt(101 + round * 2)]
      await insertRows(session, specimen, [specimenRow(left), specimenRow(right)])
      const crossing = (checked: string, changed: string): Promise<unknown> =>
        session.write([
          { do: 'check', entity, id: checked, is: 1 },
          { do: 'patch', entity, id: changed, set: { score: 1 } },
        ])
      const outcomes = await Promise.allSettled([crossing(left, right), crossing(right, left)])
      const rows = await session.getMany(entity, [left, right])
      const changed = rows.filter((row) => row?.version === 2).length
      assert(changed < 2, `in round ${round} both batches went through, though each made the check of the other untrue`)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected' && !mayRepeat(outcome.reason)) {
          await assertFails(
            () => Promise.reject(outcome.reason),
            'conflict',
            { reason: 'check' },
            'the batch that lost',
          )
        }
      }
    }
  })

  define('batches that touch the same rows in opposite orders all land', async ({ session }) => {
    const pair = [idAt(1), idAt(2)]
    await insertRows(
      session,
      specimen,
      pair.map((each) => specimenRow(each, { score: 0 })),
    )
    const each = rounds(3, 15)
    const outcomes = await concurrently(writers, async (writer) => {
      const ids = writer % 2 ? pair : pair.toReversed()
      for (let count = 0; count < each; count++) {
        await retrying(() => session.write(ids.map((rowId) => ({ do: 'patch', entity, id: rowId, add: { score: 1 } }))))
      }
    })
    assertNoneFailed(outcomes)
    const rows = await session.getMany(entity, pair)
    assertEqual(
      rows.map((row) => row?.score),
      [writers * each, writers * each],
      'scores after all batches',
    )
  })
}

async function incrementByReading(session: StorageSession): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const row = await readRow(session, specimen, id)
    try {
      await session.write([{ do: 'patch', entity, id, set: { score: Number(row.score) + 1 }, ifVersion: row.version }])
      return
    } catch (error) {
      if (!isCrmError(error, 'conflict')) throw error
    }
  }
  throw new Error('a writer was turned away 500 times')
}
