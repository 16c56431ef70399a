import { filterFaults } from './filter-faults.js'
import { testFaults } from './test-faults.js'

testFaults(filterFaults)
