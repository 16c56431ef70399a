import { test } from 'vitest'
import { assertCaughtAlone } from './caught-fault.js'
import { tenancyFaults } from './tenancy-faults.js'

test.each(tenancyFaults)('a storage that $title is caught', { timeout: 60_000 }, assertCaughtAlone)
