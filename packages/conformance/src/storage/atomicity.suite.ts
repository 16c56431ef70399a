import type { CrmErrorCode, CrmErrorDetails, Row, StorageSession, Write } from '@rapport/core/storage'
import { assert, assertEqual, assertFails, failureOf } from '../assertion.js'
import { namesRecords, readAllChanges } from './change-feed.js'
import type { DefineCase, DefineSuite } from './conformance-case.js'
import { queryOf, walkPages } from './reading.js'
import { changes as changesRequirement, type Requirement, unique } from './requirement.js'
import { idAt, specimen, specimenNote, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

const entity = specimen.name

interface Failure {
  readonly title: string
  readonly write: Write
  readonly code: CrmErrorCode
  readonly details: Partial<CrmErrorDetails>
  readonly requirements?: readonly Requirement[]
}

/** Every way in which one write of a batch can fail, on the rows that {@link prepare} leaves. */
const failures: readonly Failure[] = [
  {
    title: 'an insert of an id that exists',
    write: { do: 'insert', entity, row: specimenRow(idAt(9)) },
    code: 'conflict',
    details: { reason: 'exists' },
  },
  {
    title: 'a patch of a missing row',
    write: { do: 'patch', entity, id: idAt(99), set: { score: 1 } },
    code: 'not_found',
    details: {},
  },
  { title: 'a delete of a missing row', write: { do: 'delete', entity, id: idAt(99) }, code: 'not_found', details: {} },
  {
    title: 'a patch of another version',
    write: { do: 'patch', entity, id: idAt(9), set: { score: 1 }, ifVersion: 5 },
    code: 'conflict',
    details: { reason: 'version' },
  },
  {
    title: 'a delete of another version',
    write: { do: 'delete', entity, id: idAt(9), ifVersion: 5 },
    code: 'conflict',
    details: { reason: 'version' },
  },
  {
    title: 'a check for a row that is missing',
    write: { do: 'check', entity, id: idAt(99), is: 'present' },
    code: 'conflict',
    details: { reason: 'check' },
  },
  {
    title: 'a check against a row that is there',
    write: { do: 'check', entity, id: idAt(9), is: 'absent' },
    code: 'conflict',
    details: { reason: 'check' },
  },
  {
    title: 'a check for another version',
    write: { do: 'check', entity, id: idAt(9), is: 5 },
    code: 'conflict',
    details: { reason: 'check' },
  },
  {
    title: 'a unique value that is taken',
    write: { do: 'insert', entity, row: specimenRow(idAt(98), { uniqueKey: 'taken' }) },
    code: 'conflict',
    details: { reason: 'unique' },
    requirements: [unique],
  },
]

/** Writes of every kind that would all succeed. */
const sound: readonly Write[] = [
  { do: 'insert', entity, row: specimenRow(idAt(1), { name: 'inserted', terms: ['new'] }) },
  { do: 'patch', entity, id: idAt(2), set: { name: 'patched', tags: ['new'] }, ifVersion: 1 },
  { do: 'patch', entity, id: idAt(3), add: { score: 5 }, max: { rank: 9 } },
  { do: 'delete', entity, id: idAt(4) },
  { do: 'upsert', entity, row: specimenRow(idAt(5), { name: 'replaced' }) },
  { do: 'upsert', entity, row: specimenRow(idAt(6), { name: 'upserted', uniqueKey: 'fresh' }) },
  { do: 'insert', entity: specimenNote.name, row: { id: idAt(1), specimenId: idAt(1) } },
  { do: 'patch', entity, id: idAt(7), set: { 'scores.clv.value': 1 }, touch: false },
]

async function prepare(session: StorageSession): Promise<void> {
  const rows = [2, 3, 4, 5, 7, 9].map((n) => specimenRow(idAt(n), { name: `row ${n}`, score: n, tags: [`tag ${n}`] }))
  await insertRows(session, specimen, [...rows, specimenRow(idAt(10), { uniqueKey: 'taken' })])
}

async function readEverything(session: StorageSession): Promise<Row[][]> {
  return Promise.all([specimen, specimenNote].map((def) => walkPages(session, def, queryOf(def))))
}

function defineFailure(define: DefineCase, { title, write, code, details, requirements = [] }: Failure): void {
  define(
    `nothing is stored when ${title} comes first, in the middle or last`,
    async ({ session, capabilities }) => {
      await prepare(session)
      const before = await readEverything(session)
      const feed =
        capabilities.changes === 'none' ? [] : await readAllChanges(session, capabilities, { until: namesRecords(7) })
      for (const position of [0, 3, sound.length]) {
        const batch = sound.toSpliced(position, 0, write)
        // Which of several writes hit a unique index is not every backend's to say.
        const place = details.reason === 'unique' ? {} : { writeIndex: position }
        await assertFails(
          () => session.write(batch),
          code,
          { ...details, ...place },
          `a batch with ${title} at ${position}`,
        )
        assertEqual(await readEverything(session), before, `all rows after ${title} at ${position} of the batch`)
      }
      if (capabilities.changes !== 'none') {
        const after = feed.at(-1)?.position
        assertEqual(await readAllChanges(session, capabilities, { after }), [], 'changes fed by batches that failed')
      }
      const results = await session.write(sound)
      assertEqual(
        results.map((result) => result.version),
        [1, 2, 2, 1, 2, 1, 1, 1],
        'versions after the sound batch',
      )
    },
    ...requirements,
  )
}

/** All of a batch, or nothing of it. */
export const atomicitySuite: DefineSuite = (define, rounds) => {
  for (const failure of failures) defineFailure(define, failure)

  define(
    'a batch that failed leaves unique values free',
    async ({ session }) => {
      await prepare(session)
      const claim: Write = { do: 'insert', entity, row: specimenRow(idAt(50), { uniqueKey: 'claimed' }) }
      await assertFails(
        () => session.write([claim, { do: 'delete', entity, id: idAt(99) }]),
        'not_found',
        { writeIndex: 1 },
        'a batch whose second write fails',
      )
      await session.write([{ do: 'insert', entity, row: specimenRow(idAt(51), { uniqueKey: 'claimed' }) }])
    },
    unique,
  )

  define(
    'a batch that failed feeds no change',
    async ({ session, capabilities }) => {
      await insertRows(session, specimen, [specimenRow(idAt(1))])
      const before = await readAllChanges(session, capabilities, { until: namesRecords(1) })
      const insert: Write = { do: 'insert', entity, row: specimenRow(idAt(2)) }
      const patch: Write = { do: 'patch', entity, id: idAt(1), set: { score: 1 }, touch: false }
      await assertFails(
        () => session.write([insert, patch, { do: 'delete', entity, id: idAt(99) }]),
        'not_found',
        { writeIndex: 2 },
        'a batch that fails',
      )
      const after = before.at(-1)?.position
      assertEqual(await readAllChanges(session, capabilities, { after }), [], 'changes after the failure')
    },
    changesRequirement,
  )

  define('readers see a batch whole while a writer goes on', async ({ session }) => {
    const ids = [1, 2, 3].map(idAt)
    await insertRows(
      session,
      specimen,
      ids.map((id) => specimenRow(id, { score: 0 })),
    )
    let writing = true
    const writer = failureOf(async () => {
      for (let round = 1; round <= rounds(20, 100); round++) {
        await session.write(ids.map((id) => ({ do: 'patch', entity, id, set: { score: round } })))
      }
    }).finally(() => {
      writing = false
    })
    const torn: unknown[] = []
    while (writing) {
      const fetched = await session.getMany(entity, ids)
      const found = await session.find(queryOf(specimen))
      for (const rows of [fetched, found.rows]) {
        const scores = rows.map((row) => row?.score)
        if (new Set(scores).size !== 1) torn.push(scores)
      }
      // Lets a writer in that shares this thread with the reader.
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    const failure = await writer
    if (failure) throw failure.error
    assert(torn.length === 0, `a reader saw half a batch: scores ${JSON.stringify(torn[0])}`)
  })
}
