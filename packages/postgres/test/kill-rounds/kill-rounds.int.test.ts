import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { killRoundsOnPGlite, killRoundsOnServer } from './kill-targets.fixture.js'

const nothing = { lost: [], half: [], unfed: [], unexpected: [] }

test('4 kill rounds on a server: no lost acknowledged write, no half batch, no duplicate', {
  timeout: 180_000,
}, async () => {
  const report = await killRoundsOnServer(4, 20_260_301)
  expect(report).toMatchObject({ ...nothing, rounds: 4 })
  expect(report.acknowledged).toBeGreaterThan(4)
})

test('4 kill rounds on a PGlite directory: no lost acknowledged write, no half batch, no duplicate', {
  timeout: 180_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-kill-pglite-'))
  try {
    const report = await killRoundsOnPGlite(4, 20_260_302, join(folder, 'data'))
    expect(report).toMatchObject({ ...nothing, rounds: 4 })
    expect(report.acknowledged).toBeGreaterThan(4)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
