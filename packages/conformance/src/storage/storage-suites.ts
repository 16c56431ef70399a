import { abortingSuite } from './aborting.suite.js'
import { aggregateBucketsSuite } from './aggregate-buckets.suite.js'
import { aggregatesSuite } from './aggregates.suite.js'
import { atomicitySuite } from './atomicity.suite.js'
import { capabilitiesSuite } from './capabilities.suite.js'
import { changesSuite } from './changes.suite.js'
import type { DefineSuite } from './conformance-case.js'
import { cursorsSuite } from './cursors.suite.js'
import { differentialSuite } from './differential.suite.js'
import { filtersSuite } from './filters.suite.js'
import { isolationSuite } from './isolation.suite.js'
import { jsonFiltersSuite } from './json-filters.suite.js'
import { limitsSuite } from './limits.suite.js'
import { loadSuite } from './load.suite.js'
import { orderSuite } from './order.suite.js'
import { schemaSuite } from './schema.suite.js'
import { searchSuite } from './search.suite.js'
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
  ['limits', limitsSuite],
  ['atomicity', atomicitySuite],
  ['versions', versionsSuite],
  ['uniqueness', uniquenessSuite],
  ['aggregates', aggregatesSuite],
  ['buckets', aggregateBucketsSuite],
  ['search', searchSuite],
  ['changes', changesSuite],
  ['load', loadSuite],
  ['transactions', transactionsSuite],
  ['isolation', isolationSuite],
  ['aborting', abortingSuite],
  ['differential', differentialSuite],
  ['schema', schemaSuite],
]
