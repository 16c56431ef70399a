import type { Change } from '@rapport/core/storage'
import { assertEqual } from '../assertion.js'
import { readAllChanges } from './change-feed.js'
import type { DefineSuite } from './conformance-case.js'
import { changes, transaction } from './requirement.js'
import { idAt, specimen, specimenNote, specimenRow } from './specimen.js'
import { pause } from './writing.js'

/** How long a call outside may take before the transaction goes on without it: on a single connection it waits for the end. */
const patienceMs = 100

/** A change that is written early and committed late. */
export const lateCommitsSuite: DefineSuite = (define, rounds) => {
  define(
    'a row that commits late appears behind the place a poller has reached meanwhile',
    async ({ adapter, tenantId, session, capabilities }) => {
      const outside = adapter.session({ tenantId })
      const seen: Change[] = []
      const expected: string[] = []
      for (let round = 1; round <= rounds(1, 3); round++) {
        const note = (position: number) => ({ id: idAt(position), specimenId: idAt(round) })
        const [first, last] = [round * 10, round * 10 + 1]
        const others: Promise<unknown>[] = []
        const meanwhile = async (call: () => Promise<unknown>): Promise<void> => {
          const called = call()
          others.push(called)
          await Promise.race([called, pause(patienceMs)])
        }
        await session.transaction!(async (inner) => {
          await inner.write([{ do: 'insert', entity: specimenNote.name, row: note(first) }])
          await meanwhile(() => outside.write([{ do: 'insert', entity: specimen.name, row: specimenRow(idAt(round)) }]))
          await meanwhile(async () => {
            seen.push(...(await outside.changes!(seen.at(-1)?.position, 100)))
          })
          await inner.write([{ do: 'insert', entity: specimenNote.name, row: note(last) }])
        })
        await Promise.all(others)

        expected.push(idAt(round), idAt(first), idAt(last))
        const after = seen.at(-1)?.position
        const until = (late: readonly Change[]): boolean => idsOf([...seen, ...late]).length === expected.length
        seen.push(...(await readAllChanges(outside, capabilities, { after, until })))
        assertEqual(idsOf(seen), expected.toSorted(), `records that a poller has seen after round ${round}`)
      }
    },
    transaction,
    changes,
  )
}

function idsOf(seen: readonly Change[]): string[] {
  return [...new Set(seen.map(({ id }) => id))].sort()
}
