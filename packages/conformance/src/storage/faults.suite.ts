import { type Change, isCrmError, type Row, type StorageSession, type Write } from '@rapport/core/storage'
import { assert, assertEqual, failureOf, show } from '../assertion.js'
import type { StorageFaults } from '../storage-faults.js'
import { lastEntries, readAllChanges } from './change-feed.js'
import type { CaseContext, DefineSuite } from './conformance-case.js'
import { queryOf, walkPages } from './reading.js'
import { changes, faults as faultsRequirement, load, type Requirement, transaction, unique } from './requirement.js'
import { idAt, specimen, specimenNote, specimenRow } from './specimen.js'
import { concurrently, insertRows, retrying } from './writing.js'

const entity = specimen.name

type Cut = keyof StorageFaults

const cuts: readonly (readonly [Cut, string])[] = [
  ['cutBefore', 'before the commit'],
  ['cutDuring', 'in the middle of the writes'],
  ['cutAfter', 'after the commit'],
]

/** Writes of every kind on the rows that {@link prepare} leaves. */
const batch: readonly Write[] = [
  { do: 'insert', entity, row: specimenRow(idAt(1), { name: 'inserted', uniqueKey: 'claimed' }) },
  { do: 'patch', entity, id: idAt(2), set: { name: 'patched' }, add: { score: 5 } },
  { do: 'upsert', entity, row: specimenRow(idAt(3), { name: 'replaced' }) },
  { do: 'delete', entity, id: idAt(4) },
  { do: 'insert', entity: specimenNote.name, row: { id: idAt(1), specimenId: idAt(1) } },
]

async function prepare(session: StorageSession): Promise<void> {
  await insertRows(
    session,
    specimen,
    [2, 3, 4].map((position) => specimenRow(idAt(position), { score: position })),
  )
}

/** Reads all rows, by an adapter that may first have to connect anew. */
async function readEverything(session: StorageSession): Promise<Row[][]> {
  return retrying(() => Promise.all([specimen, specimenNote].map((def) => walkPages(session, def, queryOf(def)))))
}

/** What a call that was cut came to. */
interface CutCall {
  /** Nothing when the call went through all the same. */
  readonly failure?: { readonly error: unknown }
  /** Whether all of it is stored. */
  readonly isThere: boolean
}

/**
 * Runs a call that a cut meets, and looks what is left: all that the call does in a tenant without a cut, or nothing. Fails when it is
 * something else, when the error says too little, or when it claims that nothing was stored and all of it is.
 */
async function cutCall(
  { newTenant, session, ports }: CaseContext,
  cut: Cut,
  call: (session: StorageSession) => Promise<unknown>,
): Promise<CutCall> {
  const twin = newTenant().session
  await prepare(twin)
  const nothing = await readEverything(twin)
  await call(twin)
  const all = await readEverything(twin)

  await prepare(session)
  await ports.faults![cut]()
  const failure = await failureOf(() => call(session))
  const left = await readEverything(session)
  const isThere = show(left) === show(all)
  if (!isThere)
    assertEqual(left, nothing, 'all rows after the cut, which are neither those of before nor those of the whole call')
  if (!failure) {
    assert(isThere, 'the call went through, and nothing of it is stored')
    return { isThere }
  }
  requireHonest(failure.error, isThere)
  return { failure, isThere }
}

/** An error that leaves the outcome open says so; any other one promises that nothing was stored. */
function requireHonest(error: unknown, isThere: boolean): void {
  assert(isCrmError(error, 'storage_failed'), `expected the error storage_failed, got ${show(error)}`)
  const { retriable, reason } = error.details
  assertEqual(typeof retriable, 'boolean', 'type of details.retriable, which says whether trying again may help')
  const admitted = reason === 'unknown_outcome'
  assert(!isThere || admitted, `details.reason is ${show(reason)}, and all is stored: it must be 'unknown_outcome'`)
}

/** A way to the backend that breaks around a commit. */
export const faultsSuite: DefineSuite = (define, rounds) => {
  const defineCut = (title: string, run: (context: CaseContext) => Promise<void>, ...more: Requirement[]): void =>
    define(title, run, faultsRequirement, ...more)

  defineCut('a cut reaches the adapter', async (context) => {
    const outcome = await cutCall(context, 'cutAfter', (session) => session.write(batch))
    const again = await cutCall({ ...context, ...context.newTenant() }, 'cutBefore', (session) => session.write(batch))
    assert(
      outcome.failure !== undefined || again.failure !== undefined,
      'two cuts changed nothing: do they reach this adapter?',
    )
  })

  for (const [cut, when] of cuts) {
    defineCut(
      `a batch cut ${when} is there whole or not at all, and the error says which is known`,
      async (context) => {
        const { isThere } = await cutCall(context, cut, (session) => session.write(batch))
        if (cut === 'cutAfter') assert(isThere, 'what was committed before the cut is not there')
      },
    )

    defineCut(`a batch cut ${when} and repeated with its ids is there once`, async (context) => {
      const { session } = context
      await cutCall(context, cut, (cutSession) => cutSession.write(batch))
      const failure = await failureOf(() => retrying(() => session.write(batch)))
      if (failure && !isCrmError(failure.error, 'conflict')) throw failure.error
      const [rows = [], notes = []] = await readEverything(session)
      assertEqual(
        rows.map(({ id, version, score }) => [id, version, score]),
        [
          [idAt(1), 1, undefined],
          [idAt(2), 2, 7],
          [idAt(3), 2, undefined],
        ],
        'ids, versions and scores after the batch was repeated',
      )
      assertEqual(notes.length, 1, 'notes after the batch was repeated')
    })
  }

  defineCut('an addition cut after its commit is made once', async ({ session, ports }) => {
    await insertRows(session, specimen, [specimenRow(idAt(1), { score: 0 })])
    await ports.faults!.cutAfter()
    await failureOf(() => session.write([{ do: 'patch', entity, id: idAt(1), add: { score: 1 } }]))
    const [row] = await retrying(() => session.getMany(entity, [idAt(1)]))
    assertEqual(row?.score, 1, 'score after an addition whose answer was lost')
  })

  defineCut('no acknowledged addition is lost and none is made twice while cuts go on', async (context) => {
    await expectSumInBounds(context, rounds(6, 24))
  })

  defineCut(
    'a batch that is cut feeds what it stored, and nothing else',
    async (context) => {
      for (const [cut, when] of cuts) {
        const tenant = context.newTenant()
        await cutCall({ ...context, ...tenant }, cut, (session) => session.write(batch))
        const stored = (await readEverything(tenant.session)).flatMap((rows, index) =>
          rows.map(({ id, version }) => `${index === 0 ? entity : specimenNote.name} ${id} ${version}`),
        )
        const told = (feed: readonly Change[]): string[] =>
          Array.from(lastEntries(feed)).flatMap(([record, { kind, version }]) =>
            kind === 'put' ? [`${record} ${version}`] : [],
          )
        const until = (feed: readonly Change[]): boolean => show(told(feed).sort()) === show(stored.sort())
        const feed = await readAllChanges(tenant.session, context.capabilities, { until })
        assertEqual(told(feed).sort(), stored.sort(), `records and versions that the feed leads to after a cut ${when}`)
      }
    },
    changes,
  )

  defineCut(
    'a unique value of a batch that left nothing is free',
    async (context) => {
      const { session } = context
      const { isThere } = await cutCall(context, 'cutBefore', (cutSession) => cutSession.write(batch))
      if (isThere) return
      await retrying(() =>
        session.write([{ do: 'insert', entity, row: specimenRow(idAt(8), { uniqueKey: 'claimed' }) }]),
      )
    },
    unique,
  )

  for (const [cut, when] of cuts) {
    defineCut(
      `a transaction cut ${when} is there whole or not at all`,
      async (context) => {
        await cutCall(context, cut, (session) =>
          session.transaction!(async (inner) => {
            await inner.write(batch.slice(0, 2))
            await inner.write(batch.slice(2))
          }),
        )
      },
      transaction,
    )

    defineCut(
      `a batch of load cut ${when} is there whole or not at all`,
      async (context) => {
        const rows = [11, 12, 13].map((position) => specimenRow(idAt(position)))
        await cutCall(context, cut, (session) => session.load!(entity, [rows]))
      },
      load,
    )
  }
}

/** Writers add up, some of them cut: the sum is at least what was acknowledged, and at most that and what is unknown. */
async function expectSumInBounds({ session, ports, random }: CaseContext, count: number): Promise<void> {
  await insertRows(session, specimen, [specimenRow(idAt(1), { score: 0 })])
  let [acknowledged, unknown] = [0, 0]
  for (let round = 0; round < count; round++) {
    const [cut] = random.pick(cuts)
    await ports.faults![cut]()
    const outcomes = await concurrently(4, () =>
      session.write([{ do: 'patch', entity, id: idAt(1), add: { score: 1 } }]),
    )
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') acknowledged++
      else if (isCrmError(outcome.reason) && outcome.reason.details.reason === 'unknown_outcome') unknown++
    }
  }
  const [row] = await retrying(() => session.getMany(entity, [idAt(1)]))
  const score = Number(row?.score)
  const span = `${acknowledged} acknowledged and ${unknown} unknown`
  assert(score >= acknowledged && score <= acknowledged + unknown, `the sum is ${score} after ${span} additions of 1`)
}
