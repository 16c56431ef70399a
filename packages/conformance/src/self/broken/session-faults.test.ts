import { test } from 'vitest'
import { assertCaughtAlone } from './caught-fault.js'
import { sessionFaults } from './session-faults.js'

test.each(sessionFaults)('a storage that $title is caught', { timeout: 60_000 }, assertCaughtAlone)
