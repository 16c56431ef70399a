import { test } from 'vitest'
import { assertCaughtAlone } from './caught-fault.js'
import { pagingFaults } from './paging-faults.js'

test.each(pagingFaults)('a storage that $title is caught', { timeout: 60_000 }, assertCaughtAlone)
