import type { ConformanceReport } from '../conformance-report.js'

/** A report in which every part has something to show. */
export const failingReport: ConformanceReport = {
  kitVersion: '1.2.3',
  adapter: 'sheet <v2>',
  level: 'full',
  seed: 42,
  capabilities: {
    filter: ['eq', 'in'],
    order: 'indexed',
    unique: true,
    aggregate: false,
    search: false,
    load: true,
    transaction: 'none',
    changes: { lagMs: 250 },
    watch: false,
    system: false,
    durable: true,
    maxBatch: 1_000,
  },
  passed: ['values: booleans come back as booleans', 'cursors: the end is told'],
  failed: [{ name: 'values: fractions keep every bit', message: 'seed 42: ratio: expected 0.1, got "0.1"' }],
  skipped: [{ name: 'search: a filter narrows', reason: 'capabilities.search is false' }],
  notRun: ['order: a | b'],
}

/** The same adapter, mended and run whole. */
export const passingReport: ConformanceReport = {
  ...failingReport,
  passed: [...failingReport.passed, 'values: fractions keep every bit', 'order: a | b'],
  failed: [],
  notRun: [],
}
