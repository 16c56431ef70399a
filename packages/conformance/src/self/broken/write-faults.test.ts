import { test } from 'vitest'
import { assertCaughtAlone } from './caught-fault.js'
import { writeFaults } from './write-faults.js'

test.each(writeFaults)('a storage that $title is caught', { timeout: 60_000 }, assertCaughtAlone)
