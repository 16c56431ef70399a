import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { killRoundsOnPGlite, killRoundsOnServer } from './kill-targets.fixture.js'

const nothing = { lost: [], half: [], unfed: [], unexpected: [], rounds: 200 }

test('200 kill rounds on a server: no lost acknowledged write, no half batch, no duplicate', async () => {
  const report = await killRoundsOnServer(200, Date.now() % 2 ** 31)
  console.info('kill rounds on a server', report)
  expect(report).toMatchObject(nothing)
})

test('200 kill rounds on a PGlite directory: no lost acknowledged write, no half batch, no duplicate', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-kill-pglite-'))
  try {
    const report = await killRoundsOnPGlite(200, Date.now() % 2 ** 31, join(folder, 'data'))
    console.info('kill rounds on a PGlite directory', report)
    expect(report).toMatchObject(nothing)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
