import { test } from 'vitest'
import { assertCaughtAlone } from './caught-fault.js'
import { filterFaults } from './filter-faults.js'

test.each(filterFaults)('a storage that $title is caught', { timeout: 60_000 }, assertCaughtAlone)
