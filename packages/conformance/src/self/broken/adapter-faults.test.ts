import { adapterFaults } from './adapter-faults.js'
import { testFaults } from './test-faults.js'

testFaults(adapterFaults)
