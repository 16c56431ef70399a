import { expect, it } from 'vitest'
import { planTimeline, planTimelineRemoval, type TimelineFact } from './timeline-entity.js'

const subjects = [
  { type: 'contact', id: 'c-1' },
  { type: 'company', id: 'o-1' },
]
const fact: TimelineFact = {
  at: '2026-03-01T10:00:00.000Z',
  recordType: 'order',
  recordId: 'r-1',
  title: '49.99 EUR',
  visibility: 'customer',
}
const idsOf = (changes: readonly object[]): unknown[] => changes.map((change) => 'id' in change && change.id)

it('a record has one line in the timeline of each subject', () => {
  const lines = planTimeline(subjects, fact)
  expect(lines).toMatchObject([
    { kind: 'project', entity: 'timelineEntry', values: { subjectType: 'contact', subjectId: 'c-1', ...fact } },
    { kind: 'project', entity: 'timelineEntry', values: { subjectType: 'company', subjectId: 'o-1', ...fact } },
  ])
  expect(new Set(idsOf(lines)).size).toBe(2)
})

it('planning the line again replaces it, and its removal hits the same line', () => {
  const first = planTimeline(subjects, fact)
  const again = planTimeline(subjects, { ...fact, at: '2026-04-01T00:00:00.000Z', title: 'changed' })
  expect(idsOf(again)).toEqual(idsOf(first))
  const removal = planTimelineRemoval(subjects, 'order', 'r-1')
  expect(removal.map(({ kind }) => kind)).toEqual(['unproject', 'unproject'])
  expect(idsOf(removal)).toEqual(idsOf(first))
})

it('records of different kinds with the same id do not share a line', () => {
  const other = planTimeline(subjects, { ...fact, recordType: 'ticket' })
  expect(idsOf(other)).not.toEqual(idsOf(planTimeline(subjects, fact)))
})

it('a title is cut at 200 characters, never inside one', () => {
  const [line] = planTimeline(subjects, { ...fact, title: '👩'.repeat(300) })
  expect(line).toMatchObject({ values: { title: '👩'.repeat(200) } })
})
