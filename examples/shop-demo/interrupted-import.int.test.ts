import { test } from 'vitest'
import { killRounds } from './interrupted-import.fixture.js'

test('a kill without warning leaves every order whole or absent, and a re-run completes without duplicates', async () => {
  await killRounds({ rounds: 1, seed: 'one' })
}, 240_000)
