import { pagingFaults } from './paging-faults.js'
import { testFaults } from './test-faults.js'

testFaults(pagingFaults)
