import { test } from 'vitest'
import { adapterFaults } from './adapter-faults.js'
import { assertCaughtAlone } from './caught-fault.js'

test.each(adapterFaults)('a storage that $title is caught', { timeout: 60_000 }, assertCaughtAlone)
