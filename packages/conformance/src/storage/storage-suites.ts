import { abortingSuite } from './aborting.suite.js'
import { aggregateBucketsSuite } from './aggregate-buckets.suite.js'
import { aggregatesSuite } from './aggregates.suite.js'
import { atomicitySuite } from './atomicity.suite.js'
import { capabilitiesSuite } from './capabilities.suite.js'
import { changesSuite } from './changes.suite.js'
import type { DefineSuite } from './conformance-case.js'
import { costsSuite } from './costs.suite.js'
import { cursorsSuite } from './cursors.suite.js'
import { differentialSuite } from './differential.suite.js'
import { faultsSuite } from './faults.suite.js'
import { filtersSuite } from './filters.suite.js'
import { hostTransactionsSuite } from './host-transactions.suite.js'
import { isolationSuite } from './isolation.suite.js'
import { jsonFiltersSuite } from './json-filters.suite.js'
import { lateCommitsSuite } from './late-commits.suite.js'
import { limitsSuite } from './limits.suite.js'
import { loadSuite } from './load.suite.js'
import { lostUpdatesSuite } from './lost-updates.suite.js'
import { movingRowsSuite } from './moving-rows.suite.js'
import { orderSuite } from './order.suite.js'
import { schemaSuite } from './schema.suite.js'
import { searchSuite } from './search.suite.js'
import { tenantLeaksSuite } from './tenant-leaks.suite.js'
import { transactionsSuite } from './transactions.suite.js'
import { uniquenessSuite } from './uniqueness.suite.js'
import { valuesSuite } from './values.suite.js'
import { versionsSuite } from './versions.suite.js'
import { writesSuite } from './writes.suite.js'

/** The table of contents: every subject of the contract, in the order it is tested. Schema comes last, since it changes it. */
export const storageSuites: readonly (readonly [subject: string, DefineSuite])[] = [
  ['capabilities', capabilitiesSuite],
  ['values', valuesSuite],
  ['writes', writesSuite],
  ['filters', filtersSuite],
  ['json filters', jsonFiltersSuite],
  ['order', orderSuite],
  ['cursors', cursorsSuite],
  ['cursors', movingRowsSuite],
  ['limits', limitsSuite],
  ['atomicity', atomicitySuite],
  ['versions', versionsSuite],
  ['versions', lostUpdatesSuite],
  ['uniqueness', uniquenessSuite],
  ['aggregates', aggregatesSuite],
  ['buckets', aggregateBucketsSuite],
  ['search', searchSuite],
  ['changes', changesSuite],
  ['changes', lateCommitsSuite],
  ['load', loadSuite],
  ['transactions', transactionsSuite],
  ['host transactions', hostTransactionsSuite],
  ['isolation', isolationSuite],
  ['isolation', tenantLeaksSuite],
  ['aborting', abortingSuite],
  ['faults', faultsSuite],
  ['costs', costsSuite],
  ['differential', differentialSuite],
  ['schema', schemaSuite],
]
