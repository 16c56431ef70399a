import { test } from 'vitest'
import { assertCaughtAlone } from './caught-fault.js'
import { leakFaults } from './leak-faults.js'

test.each(leakFaults)('a storage that $title is caught', { timeout: 60_000 }, assertCaughtAlone)
