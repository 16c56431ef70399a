import { test } from 'vitest'
import { assertCaught } from './caught-fault.js'
import { pagingFaults } from './paging-faults.js'

test.each(pagingFaults)('a storage that $title is caught', { timeout: 60_000 }, assertCaught)
