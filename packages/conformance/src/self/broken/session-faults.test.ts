import { sessionFaults } from './session-faults.js'
import { testFaults } from './test-faults.js'

testFaults(sessionFaults)
