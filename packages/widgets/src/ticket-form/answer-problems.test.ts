import { expect, test } from 'vitest'
import { englishLocaliser } from '../../test/sample-localiser.js'
import { problemsOf, problemsOfIssues } from './answer-problems.js'
import { chosenFields, noAnswers } from './ticket-field.js'

const localiser = englishLocaliser()
const fields = chosenFields('subject message priority')

test('required fields are always shown, optional ones when they are named', () => {
  expect(chosenFields('priority').map(({ name }) => name)).toEqual(['subject', 'message', 'priority'])
})

test('blank and overlong answers are named with their remedy', () => {
  const problems = problemsOf({ ...noAnswers, subject: 'x'.repeat(301), message: ' \n' }, fields)
  expect(problems.map((problem) => [problem.field, problem.text(localiser)])).toEqual([
    ['subject', 'Please shorten “Subject” to 300 characters'],
    ['message', 'Please fill in “Message”'],
  ])
})

test('the server’s issues find their fields by the ticket’s property names', () => {
  const issues = [
    { path: 'description', message: 'must not be empty' },
    { path: 'contactId', message: 'is unknown' },
  ]
  const problems = problemsOfIssues(issues, fields)
  expect(problems.map((problem) => [problem.field, problem.text(localiser)])).toEqual([
    ['message', 'must not be empty'],
  ])
})
