import { test } from 'vitest'
import { killRounds } from './interrupted-import.fixture.js'

test('twenty kills without warning leave every order whole or absent, and a re-run completes without duplicates', async () => {
  await killRounds({ rounds: 20, seed: process.env.RAPPORT_SEED ?? 'twenty' })
})
