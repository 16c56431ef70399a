import { isCrmError, type StorageSession, type Write } from '@rapport/core/storage'
import { assertEqual } from '../assertion.js'
import type { CaseContext, DefineSuite } from './conformance-case.js'
import { assertRow } from './reading.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { assertNoneFailed, concurrently, insertRows, mayRepeat } from './writing.js'

const id = idAt(1)
const entity = specimen.name
const writers = 8

/** Writers with sessions of their own, as the requests of a server have them. */
function sessionsOf({ adapter, tenantId }: CaseContext): StorageSession[] {
  return Array.from({ length: writers }, () => adapter.session({ tenantId }))
}

/** Runs each writer's batch at the same time; returns the one that won. Fails unless the others failed with a conflict. */
async function winnerOf(sessions: readonly StorageSession[], batchOf: (writer: number) => Write[]): Promise<number> {
  const outcomes = await concurrently(writers, (writer) => sessions[writer]!.write(batchOf(writer)))
  const winners = outcomes.flatMap((outcome, writer) => (outcome.status === 'fulfilled' ? [writer] : []))
  assertEqual(winners.length, 1, `winners among ${writers} writers`)
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue
    const error: unknown = outcome.reason
    const lost = isCrmError(error, 'conflict') || isCrmError(error, 'not_found') || mayRepeat(error)
    if (!lost) throw error
  }
  return winners[0]!
}

/** What happens to the work of writers who do not know of each other. */
export const lostUpdatesSuite: DefineSuite = (define, rounds) => {
  define('of batches that each share a row with every other one exactly one wins, whole', async (context) => {
    const { session } = context
    const sessions = sessionsOf(context)
    for (let round = 1; round <= rounds(3, 12); round++) {
      const ids = [1, 2, 3].map((place) => idAt(round * 10 + place))
      await insertRows(
        session,
        specimen,
        ids.map((each) => specimenRow(each)),
      )
      // Two of three rows each, begun at a different one: no version that is compared alone decides for all.
      const pairOf = (writer: number): string[] => [ids[writer % 3]!, ids[(writer + 1) % 3]!]
      const winner = await winnerOf(sessions, (writer) =>
        pairOf(writer).map((each) => ({ do: 'patch', entity, id: each, set: { rank: writer }, ifVersion: 1 })),
      )
      const won = pairOf(winner)
      const expected = ids.map((each) =>
        won.includes(each)
          ? { id: each, version: 2, stage: 'open', rank: winner }
          : { id: each, version: 1, stage: 'open' },
      )
      assertEqual(await session.getMany(entity, ids), expected, `rows after round ${round}, which writer ${winner} won`)
    }
  })

  define('of patches and deletes at the same version exactly one wins', async (context) => {
    const { session } = context
    const sessions = sessionsOf(context)
    for (let round = 1; round <= rounds(3, 12); round++) {
      const each = idAt(round)
      await insertRows(session, specimen, [specimenRow(each)])
      const winner = await winnerOf(sessions, (writer) => [
        writer % 2
          ? { do: 'delete', entity, id: each, ifVersion: 1 }
          : { do: 'patch', entity, id: each, set: { rank: writer }, ifVersion: 1 },
      ])
      const expected = winner % 2 ? undefined : { version: 2, stage: 'open', rank: winner }
      await assertRow(session, specimen, each, expected, `the row after round ${round}, which writer ${winner} won`)
    }
  })

  define('the extremes of all concurrent writers are kept', async (context) => {
    await insertRows(context.session, specimen, [specimenRow(id)])
    const sessions = sessionsOf(context)
    const each = rounds(2, 6)
    const outcomes = await concurrently(writers, async (writer) => {
      for (let count = 0; count < each; count++) {
        // The first writer of the last turn has the greatest value, and others write after it.
        const value = count * writers + (writers - 1 - writer)
        await sessions[writer]!.write([{ do: 'patch', entity, id, max: { score: value }, min: { rank: -value } }])
      }
    })
    assertNoneFailed(outcomes)
    const last = writers * each - 1
    const expected = { version: writers * each + 1, stage: 'open', score: last, rank: -last }
    await assertRow(context.session, specimen, id, expected, 'the row after all writers')
  })
}
