import { tenancyFaults } from './tenancy-faults.js'
import { testFaults } from './test-faults.js'

testFaults(tenancyFaults)
