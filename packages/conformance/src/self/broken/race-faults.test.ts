import { test } from 'vitest'
import { assertCaughtAlone } from './caught-fault.js'
import { raceFaults } from './race-faults.js'

test.each(raceFaults)('a storage that $title is caught', { timeout: 60_000 }, assertCaughtAlone)
