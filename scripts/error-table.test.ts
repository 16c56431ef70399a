import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  driverMeanings,
  otherMeaning,
  sqlStateMeanings,
  unknownOutcomeMeaning,
} from '../packages/postgres/src/error-meanings.js'
import { root } from './workspace.mjs'

/** The rows of the table: code, reasons, and whether its last cell begins with yes. */
const rows = readFileSync(join(root, 'docs/using-storage.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, code, reasons = '', answer = ''] = /^\| [^|]+ \| `(\w+)` \| ([^|]*) \| ([^|]+) \|$/.exec(line) ?? []
    return [...reasons.matchAll(/`(\w+)`/g)].map(([, reason]) => ({
      code,
      reason,
      retriable: answer.startsWith('yes'),
    }))
  })

test('the book on storage tells every error of a database as it is thrown', () => {
  const meanings = [
    ...sqlStateMeanings.map(([, meaning]) => meaning),
    ...driverMeanings.map(([, , meaning]) => meaning),
  ]
  const untold = [...meanings, otherMeaning, unknownOutcomeMeaning].filter(
    ({ code, details }) =>
      !rows.some((row) => row.code === code && row.reason === details.reason && row.retriable === details.retriable),
  )
  expect(rows.length).toBeGreaterThan(30)
  expect(untold).toEqual([])
})
