import { expect, test } from 'vitest'
import type { Role } from '../access/role.js'
import { commit } from './commit.js'
import { createRecordReading } from './record-service.js'
import { member, openSession, remarkEntity } from './session-context.fixture.js'

test('the parents of many records are read at once, and a thousand ids are the most', async () => {
  const { context, disturb, as } = await openSession()
  const notes = Array.from({ length: 40 }, (_, index) => `note-${index}`)
  const values = (id: string, index: number) => ({
    title: id,
    status: 'draft',
    urgent: false,
    links: [],
    visibility: 'public',
    ownerId: index % 2 === 0 ? 'u_2' : 'u_3',
  })
  await commit(
    context,
    notes.map((id, index) => ({ kind: 'create', entity: 'note', id, values: values(id, index) })),
  )
  await commit(
    context,
    notes.map((id) => ({ kind: 'create', entity: 'remark', id: `about-${id}`, values: { noteId: id, body: 'x' } })),
  )
  const own: Role = { key: 'own', rights: { note: { read: 'own' }, remark: { read: 'own' } } }
  const remarks = createRecordReading(as({ ...member, id: 'u_2' }, [own]), remarkEntity)
  let reads = 0
  disturb.read = () => reads++
  const found = await remarks.getMany(notes.map((id) => `about-${id}`))
  expect(found.map((remark) => remark !== undefined)).toEqual(notes.map((_, index) => index % 2 === 0))
  expect(reads).toBe(2)
  await expect(remarks.getMany(Array.from({ length: 1_001 }, () => 'x'))).rejects.toMatchObject({
    code: 'validation_failed',
    details: { field: 'ids' },
  })
})
