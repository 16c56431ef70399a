import { expect, test } from 'vitest'
import { SubmissionKey } from './submission-key.js'

const draft = { subject: 'Parcel', description: 'Late', channel: 'web' } as const

test('the same ticket keeps its key, a changed one gets another', () => {
  const key = new SubmissionKey()
  const first = key.of(draft)
  expect(first).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  expect(key.of({ ...draft })).toBe(first)
  expect(key.of({ ...draft, subject: 'Other' })).not.toBe(first)
})

test('after a success the same text is a new ticket', () => {
  const key = new SubmissionKey()
  const first = key.of(draft)
  key.renew()
  expect(key.of(draft)).not.toBe(first)
})
