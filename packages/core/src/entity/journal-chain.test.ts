import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Row } from '../storage/row.js'
import { testRandom } from '../testing.js'
import { commit } from './commit.js'
import { eventCommitment, fieldCommitment, journaledFields, verifyChain } from './journal-chain.js'
import type { JournaledEvent, JournaledField } from './journal-entity.js'
import { withoutFieldValue } from './journal-erasure.js'
import { createRecordService } from './record-service.js'
import { noteEntity, openSession } from './session-context.fixture.js'

/** A note with four entries: created, updated twice (once through a program, with a cause), deleted. */
async function journaled(): Promise<{
  entries: Row[]
  head: string
  verify: (rows: readonly Row[], head?: string) => ReturnType<typeof verifyChain>
}> {
  const { context, as } = await openSession()
  const notes = createRecordService(context, noteEntity)
  const note = await notes.create({ title: 'a', body: 'personal' })
  const program = createRecordService(
    { ...as({ type: 'import', id: 'i_1', name: 'Importer', via: 'csv' }), cause: 'request 7' },
    noteEntity,
  )
  await program.update(note.id, { title: 'b', price: { amountMinor: 5, currency: 'EUR' } })
  const [before] = await context.storage.getMany('note', [note.id])
  await commit(context, [
    {
      kind: 'update',
      entity: 'note',
      before: before as Row,
      values: { status: 'done', body: null },
      events: [{ type: 'note.finished', data: { days: 3 } }],
    },
  ])
  await notes.delete(note.id)
  const page = await context.storage.find({ entity: 'journal', order: ['recordVersion'], limit: 100 })
  const [row] = await context.storage.getMany('note', [note.id])
  const head = row?.journalHash as string
  return { entries: page.rows, head, verify: (rows, hash = head) => verifyChain('acme', rows, hash) }
}

const copy = (rows: readonly Row[]): Row[] => structuredClone(rows) as Row[]

/** The entries without salts, values, payloads and the names of actors. */
function erasedCopy(entries: readonly Row[]): Row[] {
  return copy(entries).map((row) => ({
    ...row,
    changes: (row.changes as JournaledField[]).map(withoutFieldValue),
    events: (row.events as JournaledEvent[]).map((event) => ({ type: event.type, commitment: eventCommitment(event) })),
    actor: { ...(row.actor as object), name: undefined },
  }))
}

describe('a record journal', () => {
  test('is intact as it was written', async () => {
    const { entries, verify } = await journaled()
    expect(entries.map((row) => row.change)).toEqual(['created', 'updated', 'updated', 'deleted'])
    expect(verify(entries)).toEqual({ intact: true, entries: 4 })
  })

  test('stays intact when salt and values of a field, and of an event, are erased', async () => {
    const { entries, verify } = await journaled()
    expect(verify(erasedCopy(entries))).toEqual({ intact: true, entries: 4 })
  })

  test('does not take another value for an erased one', async () => {
    const { entries, verify } = await journaled()
    const forged = erasedCopy(entries)
    const field = (forged[0]!.changes as Record<string, unknown>[])[0] as Record<string, unknown>
    field.after = 'another'
    expect(verify(forged)).toMatchObject({ intact: false, version: 1, reason: 'value' })
    const event = erasedCopy(entries)
    const first = (event[2]!.events as Record<string, unknown>[])[1] as Record<string, unknown>
    first.data = {}
    expect(verify(event)).toMatchObject({ intact: false, version: 3, reason: 'value' })
  })

  test('holds no commitment beside a value, and takes one that an earlier version wrote for what it is', async () => {
    const { entries, verify } = await journaled()
    expect(JSON.stringify(entries)).not.toContain('commitment')
    const earlier = copy(entries).map((row) => ({
      ...row,
      changes: (row.changes as JournaledField[]).map((each) => ({ ...each, commitment: fieldCommitment(each) })),
      events: (row.events as JournaledEvent[]).map((each) => ({ ...each, commitment: eventCommitment(each) })),
    }))
    expect(verify(earlier)).toEqual({ intact: true, entries: 4 })
    const forged = copy(earlier)
    const field = (forged[0]!.changes as Record<string, unknown>[])[0] as Record<string, unknown>
    field.after = 'another'
    expect(verify(forged)).toMatchObject({ intact: false, version: 1, reason: 'value' })
  })

  test('shows an entry that is missing, at its place or at either end', async () => {
    const { entries, head, verify } = await journaled()
    expect(verify(entries.filter((_, index) => index !== 1))).toMatchObject({
      intact: false,
      version: 3,
      reason: 'gap',
    })
    expect(verify(entries.slice(1))).toMatchObject({ intact: false, version: 2, reason: 'gap' })
    expect(verify(entries.slice(0, -1))).toMatchObject({ intact: false, version: 3, reason: 'head' })
    expect(verify([])).toMatchObject({ intact: false, reason: 'head' })
    expect(verify(entries, `0${head.slice(1)}`).intact).toBe(head.startsWith('0'))
  })

  test('shows a link that was cut', async () => {
    const { entries, verify } = await journaled()
    const cut = copy(entries)
    ;(cut[2] as Row).previousHash = cut[0]?.hash
    expect(verify(cut)).toMatchObject({ intact: false, version: 3, reason: 'link' })
  })

  test('belongs to its tenant', async () => {
    const { entries, head } = await journaled()
    expect(verifyChain('other', entries, head)).toMatchObject({ intact: false, version: 1, reason: 'hash' })
  })

  test('shows any change of anything in it but the name of an actor', async () => {
    const { entries, verify } = await journaled()
    const [first] = erasedCopy(entries) as [Row]
    const chains = [entries, [first, ...entries.slice(1)]]
    expect(chains.map((chain) => verify(chain).intact)).toEqual([true, true])
    // `version` and `updatedAt` are the bookkeeping of the storage.
    const kept = new Set(['version', 'updatedAt'])
    const places: (string | number)[][] = []
    const collect = (value: unknown, path: (string | number)[]): void => {
      if (typeof value === 'object' && value !== null)
        for (const [key, member] of Object.entries(value))
          collect(member, [...path, Array.isArray(value) ? Number(key) : key])
      else if (!(path[2] === 'actor' && path[3] === 'name') && !kept.has(String(path[2]))) places.push(path)
    }
    collect(chains, [])
    expect(places.length).toBeGreaterThan(100)
    const tampered = (value: unknown, at: number): unknown => {
      if (typeof value === 'number') return value + 1
      if (typeof value === 'boolean') return !value
      const text = String(value)
      const index = at % Math.max(text.length, 1)
      return `${text.slice(0, index)}${text[index] === 'x' ? 'y' : 'x'}${text.slice(index + 1)}`
    }
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.nat(100), (path, at) => {
        const copies = chains.map(copy)
        let target: Record<string | number, unknown> = copies as unknown as Record<number, unknown>
        for (const key of path.slice(0, -1)) target = target[key] as Record<string, unknown>
        const last = path.at(-1) as string | number
        target[last] = tampered(target[last], at)
        expect(verify(copies[path[0] as number] as Row[]).intact, path.join('.')).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('journaledFields', () => {
  test('lists what differs, custom fields one by one, and salts each', () => {
    const before = { title: 'a', tags: ['x'], custom: { size: 1, color: 'red' } }
    const fields = journaledFields(
      before,
      { title: 'a', tags: ['x'], status: 'done', custom: { size: 2, shape: 'o' } },
      testRandom(),
    )
    expect(fields.map(({ field, before: old, after }) => [field, old, after])).toEqual([
      ['status', undefined, 'done'],
      ['custom.size', 1, 2],
      ['custom.color', 'red', undefined],
      ['custom.shape', undefined, 'o'],
    ])
    expect(new Set(fields.map(({ salt }) => salt)).size).toBe(4)
  })

  test('knows a custom field called constructor only when it is there', () => {
    const fields = journaledFields({}, { custom: { constructor: 'Gehry' } }, testRandom())
    expect(fields).toMatchObject([{ field: 'custom.constructor', after: 'Gehry' }])
    expect(fields[0]).not.toHaveProperty('before')
  })

  test('hides equal values behind different commitments', () => {
    const [first, second] = journaledFields({}, { a: 'x', b: 'x' }, testRandom()) as [JournaledField, JournaledField]
    expect(fieldCommitment(first)).not.toBe(fieldCommitment({ ...second, field: 'a' }))
    const [again] = journaledFields({}, { a: 'x' }, testRandom(2)) as [JournaledField]
    expect(fieldCommitment(again)).not.toBe(fieldCommitment(first))
  })
})

test('history verification sees through a change that comes between its two reads', async () => {
  const { context, disturb } = await openSession()
  const notes = createRecordService(context, noteEntity)
  const { id } = await notes.create({ title: 'a' })
  let changes = 0
  disturb.find = async (entity) => {
    if (entity === 'journal' && changes++ < 2) await notes.update(id, { title: `b${changes}` })
  }
  expect(await notes.verifyHistory(id)).toEqual({ intact: true, entries: 3 })
})

test('history verification is not fooled by a hash that was put into the record', async () => {
  const { context } = await openSession()
  const notes = createRecordService(context, noteEntity)
  const { id } = await notes.create({ title: 'a' })
  await context.storage.write([{ do: 'patch', entity: 'note', id, set: { journalHash: '0'.repeat(64) }, touch: false }])
  expect(await notes.verifyHistory(id)).toEqual({ intact: false, version: 1, reason: 'head' })
})
