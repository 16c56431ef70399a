import { expect, test } from 'vitest'
import type { Row } from '../storage/row.js'
import { commit } from './commit.js'
import { verifyChain } from './journal-chain.js'
import { eraseJournalEntry, type JournalErasure } from './journal-erasure.js'
import { planCreate } from './record-service.js'
import { noteEntity, openSession } from './session-context.fixture.js'

const nothing: JournalErasure = {
  erasesValues: () => false,
  erasesPayload: () => false,
  isSubject: () => false,
}

async function journalOfANote(): Promise<{ entries: Row[]; head: string }> {
  const { context } = await openSession()
  const events = [{ type: 'note.told', data: { to: 'ada@example.com' } }]
  const { id, change } = await planCreate(context, noteEntity, { title: 'About Ada' }, { events })
  await commit(context, [change])
  const [before] = await context.storage.getMany('note', [id])
  const done = await commit(context, [
    { kind: 'update', entity: 'note', before: before as Row, values: { title: 'erased' }, erases: true },
  ])
  const page = await context.storage.find({ entity: 'journal', order: ['recordVersion', 'id'], limit: 10 })
  return { entries: [...page.rows], head: done.row('note', id).journalHash as string }
}

const erasedBy = (entries: readonly Row[], erasure: JournalErasure): Row[] =>
  entries.map((entry) => ({ ...entry, ...eraseJournalEntry(entry, erasure) }))

test('a change that erases tells which fields it changed, and no value of them', async () => {
  const { entries, head } = await journalOfANote()
  expect(entries[1]?.changes).toEqual([{ field: 'title', commitment: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  expect(verifyChain('acme', entries, head)).toMatchObject({ intact: true })
})

test('an event payload that names the person is erased (trap 12: Unomi leaves event properties)', async () => {
  const { entries, head } = await journalOfANote()
  const erased = erasedBy(entries, { ...nothing, erasesPayload: (data) => JSON.stringify(data).includes('ada@') })
  expect(JSON.stringify(entries)).toContain('ada@example.com')
  expect(JSON.stringify(erased)).not.toContain('ada@example.com')
  expect(JSON.stringify(erased)).toContain('About Ada')
  expect(verifyChain('acme', erased, head)).toEqual({ intact: true, entries: 2 })
})

test('a chain whose values are erased verifies, until one is put in their place', async () => {
  const { entries, head } = await journalOfANote()
  const erased = erasedBy(entries, { ...nothing, erasesValues: () => true })
  expect(JSON.stringify(erased)).not.toMatch(/About Ada|ada@example.com/)
  expect(verifyChain('acme', erased, head)).toEqual({ intact: true, entries: 2 })
  const [first, second] = erased as [Row, Row]
  const [changed, ...others] = first.changes as object[]
  const forged = { ...first, changes: [{ ...changed, after: 'About Bob' }, ...others] }
  expect(verifyChain('acme', [forged, second], head)).toMatchObject({ intact: false, reason: 'value' })
})

test('an entry that holds nothing to forget is not written', async () => {
  const { entries } = await journalOfANote()
  expect(entries.map((entry) => eraseJournalEntry(entry, nothing))).toEqual([undefined, undefined])
  const [first] = erasedBy(entries, { ...nothing, erasesValues: () => true })
  expect(eraseJournalEntry(first as Row, { ...nothing, erasesValues: () => true })).toBeUndefined()
})
