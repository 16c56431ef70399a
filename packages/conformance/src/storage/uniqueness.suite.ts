import type { NewRow, StorageSession, Write } from '@rapport/core/storage'
import { assertEqual, assertFails } from '../assertion.js'
import type { DefineCase, DefineSuite } from './conformance-case.js'
import { matchingIds, readRow } from './reading.js'
import { unique } from './requirement.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { concurrently, insertRows } from './writing.js'

const entity = specimen.name

const taking = (position: number, uniqueKey: string): NewRow => specimenRow(idAt(position), { uniqueKey })

async function expectTaken(
  session: StorageSession,
  writes: readonly Write[],
  index: string,
  what: string,
): Promise<void> {
  await assertFails(() => session.write(writes), 'conflict', { reason: 'unique', entity, index }, what)
}

/** Unique indexes: what collides, what never does, and when a value is free again. */
export const uniquenessSuite: DefineSuite = (define, rounds) => {
  const defineUnique = (title: string, run: Parameters<DefineCase>[1]): void => define(title, run, unique)

  defineUnique('a value that is taken is refused to insert, upsert and patch', async ({ session }) => {
    await insertRows(session, specimen, [taking(1, 'key'), taking(2, 'other')])
    const writes: readonly Write[] = [
      { do: 'insert', entity, row: taking(3, 'key') },
      { do: 'upsert', entity, row: taking(3, 'key') },
      { do: 'upsert', entity, row: taking(2, 'key') },
      { do: 'patch', entity, id: idAt(2), set: { uniqueKey: 'key' } },
    ]
    for (const write of writes)
      await expectTaken(session, [write], 'unique_key', `${write.do} of a value that is taken`)
    assertEqual(await matchingIds(session, specimen), [idAt(1), idAt(2)], 'rows after it')
    assertEqual((await readRow(session, specimen, idAt(2))).uniqueKey, 'other', 'the value of the other row')
  })

  defineUnique('a row may keep its own value', async ({ session }) => {
    await insertRows(session, specimen, [taking(1, 'key')])
    await session.write([{ do: 'patch', entity, id: idAt(1), set: { uniqueKey: 'key', score: 1 } }])
    await session.write([{ do: 'upsert', entity, row: taking(1, 'key') }])
    assertEqual((await readRow(session, specimen, idAt(1))).version, 3, 'version after both')
  })

  defineUnique('absent values never collide', async ({ session }) => {
    await insertRows(session, specimen, [specimenRow(idAt(1)), specimenRow(idAt(2)), taking(3, 'a'), taking(4, 'b')])
    await session.write([3, 4].map((n) => ({ do: 'patch', entity, id: idAt(n), set: { uniqueKey: null } })))
    const without = await matchingIds(session, specimen, { op: 'isNull', path: 'uniqueKey' })
    assertEqual(without.length, 4, 'rows without a value')
  })

  defineUnique('of several paths all must be equal, and a row that lacks one never collides', async ({ session }) => {
    const ref = (position: number, system?: string, externalId?: string): Write => ({
      do: 'insert',
      entity,
      row: specimenRow(idAt(position), { ...(system && { system }), ...(externalId && { externalId }) }),
    })
    await session.write([ref(1, 'shop', '1'), ref(2, 'shop', '2'), ref(3, 'mail', '1')])
    await session.write([
      ref(4, 'shop'),
      ref(5, 'shop'),
      ref(6, undefined, '1'),
      ref(7, undefined, '1'),
      ref(8),
      ref(9),
    ])
    await expectTaken(session, [ref(10, 'shop', '1')], 'unique_external', 'insert of both values')
    const completing: Write = { do: 'patch', entity, id: idAt(4), set: { externalId: '2' } }
    await expectTaken(session, [completing], 'unique_external', 'a patch that completes the values')
  })

  defineUnique('values differ by case, accents and space; the empty string is a value', async ({ session }) => {
    await insertRows(
      session,
      specimen,
      ['key', 'Key', 'KEY', 'key ', ' key', 'kéy', 'ke\u0301y', ''].map((key, index) => taking(index + 1, key)),
    )
    await expectTaken(session, [{ do: 'insert', entity, row: taking(20, '') }], 'unique_key', 'a second empty string')
    await expectTaken(
      session,
      [{ do: 'insert', entity, row: taking(20, 'kéy') }],
      'unique_key',
      'a second accented value',
    )
  })

  defineUnique('a value is free again when its row is deleted, emptied, changed or replaced', async ({ session }) => {
    await insertRows(
      session,
      specimen,
      [1, 2, 3, 4].map((n) => taking(n, `key ${n}`)),
    )
    await session.write([
      { do: 'delete', entity, id: idAt(1) },
      { do: 'patch', entity, id: idAt(2), set: { uniqueKey: null } },
      { do: 'patch', entity, id: idAt(3), set: { uniqueKey: 'moved' } },
      { do: 'upsert', entity, row: specimenRow(idAt(4)) },
    ])
    await insertRows(
      session,
      specimen,
      [1, 2, 3, 4].map((n) => taking(n + 10, `key ${n}`)),
    )
  })

  defineUnique('tenants do not share values', async ({ session, newTenant }) => {
    const other = newTenant().session
    await insertRows(session, specimen, [taking(1, 'key')])
    await insertRows(other, specimen, [taking(2, 'key')])
    await expectTaken(
      other,
      [{ do: 'insert', entity, row: taking(3, 'key') }],
      'unique_key',
      'the value of the own tenant',
    )
  })

  defineUnique('two rows of one batch collide', async ({ session }) => {
    const batch: Write[] = [
      { do: 'insert', entity, row: taking(1, 'key') },
      { do: 'insert', entity, row: taking(2, 'key') },
    ]
    await expectTaken(session, batch, 'unique_key', 'a batch with the same value twice')
    assertEqual(await matchingIds(session, specimen), [], 'rows after it')
  })

  defineUnique('a soft-deleted row holds its value until it is emptied', async ({ session }) => {
    const deletedAt = '2026-03-01T10:00:00.000Z'
    await insertRows(session, specimen, [specimenRow(idAt(1), { uniqueKey: 'key', deletedAt })])
    await expectTaken(
      session,
      [{ do: 'insert', entity, row: taking(2, 'key') }],
      'unique_key',
      'a value held by a soft-deleted row',
    )
  })

  defineUnique('of concurrent writers who want one value exactly one gets it', async ({ session }) => {
    for (let round = 1; round <= rounds(4, 15); round++) {
      const uniqueKey = `wanted ${round}`
      const spare = idAt(round * 100)
      await insertRows(session, specimen, [specimenRow(spare)])
      const outcomes = await concurrently(8, (writer) =>
        session.write([
          writer === 0
            ? { do: 'patch', entity, id: spare, set: { uniqueKey } }
            : { do: 'insert', entity, row: taking(round * 100 + writer, uniqueKey) },
        ]),
      )
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
      assertEqual(losers.length, 7, `writers turned away in round ${round}`)
      for (const { reason } of losers) {
        await assertFails(() => Promise.reject(reason), 'conflict', { reason: 'unique' }, 'a writer turned away')
      }
      const holders = await matchingIds(session, specimen, { op: 'eq', path: 'uniqueKey', value: uniqueKey })
      assertEqual(holders.length, 1, `rows that hold the value after round ${round}`)
    }
  })
}
