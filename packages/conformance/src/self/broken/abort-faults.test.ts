import { test } from 'vitest'
import { abortFaults } from './abort-faults.js'
import { assertCaughtAlone } from './caught-fault.js'

test.each(abortFaults)('a storage that $title is caught', { timeout: 60_000 }, assertCaughtAlone)
