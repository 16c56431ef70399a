import { testFaults } from './test-faults.js'
import { writeFaults } from './write-faults.js'

testFaults(writeFaults)
