import { cpus, loadavg } from 'node:os'
import {
  associationRules,
  bgNbdExpectedPurchases,
  bgNbdProbabilityAlive,
  clusterCustomers,
  customerLifetimeValue,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  fitParetoNbd,
  gammaGammaExpectedValue,
  rfmColumns,
  scoreRfm,
  summarizeTransactions,
} from '@rapport/core/scoring'
import { readCdnow } from './cdnow.js'
import { type Measured, measure } from './measure.js'
import { generateBaskets } from './seeded-baskets.js'
import { generateCustomers } from './seeded-customers.js'
import { generatePoints } from './seeded-points.js'

const CUSTOMERS = 1_000_000
const SEED = 20250601

const results: Measured[] = []

const cdnow = readCdnow()
measure(results, {
  question: 'BG/NBD fit of CDNOW, warm',
  runs: 50,
  targetMs: 5,
  scientificPythonMs: 55,
  work: () => fitBgNbd(cdnow),
})
measure(results, {
  question: 'Gamma-Gamma fit of CDNOW, warm',
  runs: 50,
  scientificPythonMs: 26,
  work: () => fitGammaGamma(cdnow),
})
const pareto = measure(results, {
  question: 'Pareto/NBD fit of CDNOW, warm',
  runs: 20,
  targetMs: 60,
  scientificPythonMs: 388,
  work: () => fitParetoNbd(cdnow),
})

const baskets = generateBaskets(10_000, SEED)
const rules = measure(results, {
  question: 'FP-growth and rules of 10,000 baskets at 1 % support',
  runs: 20,
  targetMs: 50,
  work: () => associationRules(baskets, { minSupport: 0.01, minConfidence: 0.2 }),
})

const points = generatePoints(CUSTOMERS, SEED)
const clusters = measure(results, {
  question: 'k-means of 1M x 3, k = 8',
  runs: 5,
  targetMs: 2000,
  work: () => clusterCustomers({ x: points, columns: ['a', 'b', 'c'], k: 8, seed: SEED }),
})

const { summary, transactions } = generateCustomers(CUSTOMERS, SEED)
const fit = measure(results, {
  question: 'BG/NBD fit of 1M customers, grouping included',
  runs: 7,
  targetMs: 500,
  scientificPythonMs: 10_400,
  work: () => fitBgNbd(summary),
})
measure(results, {
  question: 'MBG/NBD fit of 1M customers, grouping included',
  runs: 7,
  work: () => fitMbgNbd(summary),
})
const spend = measure(results, {
  question: 'Gamma-Gamma fit of 1M customers',
  runs: 7,
  targetMs: 300,
  scientificPythonMs: 2100,
  work: () => fitGammaGamma(summary),
})
measure(results, {
  question: 'P(alive) of 1M customers',
  runs: 7,
  scientificPythonMs: 18,
  work: () => bgNbdProbabilityAlive(fit.params, summary),
})
measure(results, {
  question: 'Expected purchases of 1M customers, 39 weeks',
  runs: 7,
  targetMs: 250,
  scientificPythonMs: 420,
  work: () => bgNbdExpectedPurchases(fit.params, summary, 39),
})
measure(results, {
  question: 'Expected spend of 1M customers',
  runs: 7,
  scientificPythonMs: 8,
  work: () => gammaGammaExpectedValue(spend.params, summary),
})
measure(results, {
  question: '12-month lifetime value of 1M customers',
  runs: 7,
  targetMs: 800,
  scientificPythonMs: 8700,
  work: () => customerLifetimeValue({ model: 'bg_nbd', params: fit.params, spend, summary, periodLength: 30.4375 / 7 }),
})
const period = { unit: 'day', observationEnd: '2025-12-31' } as const
const summarized = measure(results, {
  question: 'Summary of 1M transactions, string ids, unsorted',
  runs: 15,
  scientificPythonMs: 770,
  work: () => summarizeTransactions(transactions, period),
})
measure(results, {
  question: 'RFM of 1M transactions, string ids, summary included',
  runs: 15,
  targetMs: 250,
  scientificPythonMs: 345,
  work: () => scoreRfm(rfmColumns(summarizeTransactions(transactions, period))),
})

console.log(
  JSON.stringify(
    {
      measuredAt: new Date().toISOString(),
      node: process.version,
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      loadAverage: loadavg()[0],
      seed: SEED,
      found: {
        paretoNbd: { status: pareto.status, params: pareto.params },
        rules: rules.length,
        clusters: { sizes: clusters.sizes, inertia: clusters.inertia },
        bgNbd: { status: fit.status, params: fit.params, evaluations: fit.iterations },
        gammaGamma: { status: spend.status, params: spend.params, evaluations: spend.iterations },
        transactionsCustomers: summarized.customerIds.length,
      },
      results,
    },
    undefined,
    2,
  ),
)
