import { test } from 'vitest'
import { killRounds } from './interrupted-import.fixture.js'

test('three kills without warning leave every order whole or absent, and a re-run completes without duplicates', async () => {
  await killRounds({ rounds: 3, seed: 'three' })
}, 240_000)
