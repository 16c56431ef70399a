import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRecordService } from '../entity/record-service.js'
import type { Checkpoint } from '../entity/run-service.js'
import { failureOf, type Note, noteEntity, type OpenedSession, openSession } from '../entity/session-context.fixture.js'
import { CrmError } from '../kernel/crm-error.js'
import type { Write } from '../storage/write.js'
import type { HandOverParams } from './hand-over.js'
import { runHandOver } from './hand-over-run.js'
import { memberEntity } from './member-entity.js'
import { ownerMoveEntity } from './owner-move-entity.js'
import { runUndoMoves } from './undo-owner-moves.js'

const starter = { type: 'user', id: 'u_1' } as const
/** Three records a batch: each is two writes, for which there is room twice, and the note of the batch is one. */
const mostWrites = 13

const give = (to: string, more: Partial<HandOverParams> = {}): HandOverParams => ({
  from: 'ada',
  targets: [to],
  objects: ['note'],
  dryRun: false,
  starter,
  ...more,
})

const runContext = ({ context }: OpenedSession, id = 'r1') => context.as({ type: 'system', id: 'run' }, `run:${id}`)

/** Notes of Ada, one of Eve's and a deleted one of Ada's. */
const furnish = async (count: number): Promise<OpenedSession> => {
  const opened = await openSession([memberEntity, ownerMoveEntity])
  const notes = createRecordService(opened.context, noteEntity)
  for (let index = 0; index < count; index++) await notes.create({ title: `n${index}`, ownerId: 'ada' })
  await notes.create({ title: 'of Eve', ownerId: 'eve' })
  await notes.delete((await notes.create({ title: 'deleted', ownerId: 'ada' })).id)
  return opened
}

const live = async (opened: OpenedSession): Promise<Note[]> =>
  (await createRecordService(opened.context, noteEntity).find({ limit: 1_000 })).items.toReversed()

/** What a run keeps between attempts. `saving` may throw, as a dying process or a cancelled run does. */
const checkpoints = (saving: (done: number) => void = () => {}) => {
  let cursor: Checkpoint['cursor']
  return (): Checkpoint => ({
    cursor,
    signal: new AbortController().signal,
    async save(state) {
      saving(state.done)
      cursor = JSON.parse(JSON.stringify(state.cursor)) as Checkpoint['cursor']
    },
  })
}

const moves = (batch: readonly Write[]): boolean => batch.some(({ entity }) => entity === 'ownerMove')

test('a hand-over goes on wherever it was interrupted: each record moves once, is audited once and is counted once', async () => {
  const crash = new CrmError('storage_failed', 'The process died')
  const points = fc.array(fc.constantFrom('before', 'after', 'save', 'none'), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 10 }), points, async (count, crashes) => {
      const opened = await furnish(count)
      let [turn, done] = [0, 0]
      let point: string | undefined
      opened.disturb.before = (batch) => {
        if (!moves(batch)) return
        point = crashes[turn++]
        if (point === 'before') throw crash
      }
      opened.disturb.after = () => {
        if (point === 'after') {
          point = undefined
          throw crash
        }
      }
      const next = checkpoints(() => {
        if (point !== 'save') return
        point = undefined
        throw crash
      })
      let result: Awaited<ReturnType<typeof runHandOver>> | undefined
      while (result === undefined && done++ < 20) {
        result = await runHandOver(runContext(opened), give('bob'), next(), mostWrites).catch((error: unknown) => {
          if (error !== crash) throw error
          return undefined
        })
      }
      expect(result).toEqual({ moved: count === 0 ? {} : { note: count }, left: {} })
      const notes = await live(opened)
      expect(notes.map(({ ownerId }) => ownerId)).toEqual([...Array(count).fill('bob'), 'eve'])
      expect(notes.map(({ version }) => version)).toEqual([...Array(count).fill(2), 1])
      for (const { id } of notes.slice(0, count)) {
        const { items } = await createRecordService(opened.context, noteEntity).history(id)
        expect(items.map(({ cause }) => cause)).toEqual(['run:r1', undefined])
      }
    }),
    { numRuns: 25 },
  )
})

test('a batch holds at most as many writes as the storage takes, and reads and writes once', async () => {
  const opened = await furnish(7)
  const before = opened.batches.length
  await runHandOver(runContext(opened), give('bob'), checkpoints()(), mostWrites)
  expect(opened.batches.slice(before).map(({ length }) => length)).toEqual([7, 7, 3])
})

test('a record that somebody edits meanwhile moves all the same, and the edit stays', async () => {
  const opened = await furnish(7)
  const notes = createRecordService(opened.context, noteEntity)
  const edited = (await live(opened))[5] as Note
  let left = 3
  opened.disturb.before = async (batch) => {
    if (!batch.some((write) => 'id' in write && write.id === edited.id) || !moves(batch) || left-- <= 0) return
    await notes.update(edited.id, { body: `edit ${left}` })
  }
  const result = await runHandOver(runContext(opened), give('bob'), checkpoints()(), mostWrites)
  expect(result.moved).toEqual({ note: 7 })
  expect(await notes.get(edited.id)).toMatchObject({ ownerId: 'bob', body: 'edit 0', version: 5 })
})

test('a cancelled hand-over stops between two batches, and what it moved can be given back', async () => {
  const opened = await furnish(7)
  const cancelled = checkpoints((done) => {
    if (done >= 3) throw new CrmError('aborted', 'The run was cancelled')
  })
  expect((await failureOf(runHandOver(runContext(opened), give('bob'), cancelled(), mostWrites))).code).toBe('aborted')
  const owners = async () => (await live(opened)).map(({ ownerId }) => ownerId)
  expect(await owners()).toEqual([...Array(4).fill('ada'), ...Array(3).fill('bob'), 'eve'])
  const undone = await runUndoMoves(runContext(opened), { runId: 'r1', starter }, checkpoints()())
  expect(undone).toEqual({ returned: 3, kept: 0 })
  expect(await owners()).toEqual([...Array(7).fill('ada'), 'eve'])
})

test('records go to several members in turn; the pool takes the owner away', async () => {
  const opened = await furnish(7)
  const share = give('', { targets: ['bob', 'cy'] })
  await runHandOver(runContext(opened), share, checkpoints()(), mostWrites)
  const owners = (await live(opened)).map(({ ownerId }) => ownerId)
  expect(owners.filter((owner) => owner === 'bob')).toHaveLength(4)
  expect(owners.filter((owner) => owner === 'cy')).toHaveLength(3)
  const toPool = give('', { from: 'cy', targets: [null] })
  const next = runContext(opened, 'r2')
  expect((await runHandOver(next, toPool, checkpoints()(), mostWrites)).moved).toEqual({ note: 3 })
  expect((await live(opened)).filter(({ ownerId }) => ownerId === undefined)).toHaveLength(3)
})

test('a record that got another owner since, also one that came back, and one of a member who left are not given back', async () => {
  const opened = await furnish(4)
  const notes = createRecordService(opened.context, noteEntity)
  await runHandOver(runContext(opened), give('bob'), checkpoints()(), mostWrites)
  const [first, second, third] = (await live(opened)) as [Note, Note, Note]
  await notes.update(first.id, { ownerId: 'cy' })
  await notes.update(second.id, { ownerId: 'cy' })
  await notes.update(second.id, { ownerId: 'bob' })
  await notes.delete(third.id)
  const undo = () => runUndoMoves(runContext(opened), { runId: 'r1', starter }, checkpoints()())
  expect(await undo()).toEqual({ returned: 1, kept: 3 })
  expect((await live(opened)).map(({ ownerId }) => ownerId)).toEqual(['cy', 'bob', 'ada', 'eve'])
  expect(await undo()).toEqual({ returned: 1, kept: 3 })

  await createRecordService(opened.context, memberEntity).create({ name: 'Ada' })
  const [member] = (await createRecordService(opened.context, memberEntity).find()).items
  const next = runContext(opened, 'r2')
  await notes.create({ title: 'late', ownerId: member?.id as string })
  await runHandOver(next, give('bob', { from: member?.id as string }), checkpoints()(), mostWrites)
  await createRecordService(opened.context, memberEntity).update(member?.id as string, { active: false })
  expect(await runUndoMoves(next, { runId: 'r2', starter }, checkpoints()())).toEqual({ returned: 0, kept: 1 })
})
