import { test } from 'vitest'
import { adapterFaults } from './adapter-faults.js'
import { assertCaught } from './caught-fault.js'
import { filterFaults } from './filter-faults.js'
import { pagingFaults } from './paging-faults.js'
import { sessionFaults } from './session-faults.js'
import { tenancyFaults } from './tenancy-faults.js'
import { writeFaults } from './write-faults.js'

const faults = [...adapterFaults, ...filterFaults, ...pagingFaults, ...sessionFaults, ...tenancyFaults, ...writeFaults]

test.each(faults)('a storage that $title fails where it is broken, and passes elsewhere', assertCaught)
