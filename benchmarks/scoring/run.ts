import { cpus, loadavg } from 'node:os'
import {
  bgNbdExpectedPurchases,
  bgNbdProbabilityAlive,
  customerLifetimeValue,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  gammaGammaExpectedValue,
  rfmColumns,
  scoreRfm,
  summarizeTransactions,
} from '@rapport/core/scoring'
import { generateCustomers } from './seeded-customers.js'

interface Measured {
  question: string
  targetMs: number | undefined
  /** The same step in scipy/pandas on a machine of the same kind. */
  scientificPythonMs: number | undefined
  bestMs: number
  medianMs: number
  /** Processor time of the best run, all threads: what the step costs where neighbours slow the clock down. */
  bestCpuMs: number
  firstMs: number
  runs: number
}

const CUSTOMERS = 1_000_000
const SEED = 20250601
const CDNOW_SIZE = 2357

const results: Measured[] = []

function measure<Result>(
  question: string,
  runs: number,
  targetMs: number | undefined,
  scientificPythonMs: number | undefined,
  work: () => Result,
): Result {
  const times: number[] = []
  const cpuTimes: number[] = []
  let result = work()
  for (let run = 0; run < runs; run++) {
    const cpuStart = process.cpuUsage()
    const start = performance.now()
    result = work()
    times.push(performance.now() - start)
    const cpu = process.cpuUsage(cpuStart)
    cpuTimes.push((cpu.user + cpu.system) / 1000)
  }
  const sorted = times.slice().sort((one, other) => one - other)
  const rounded = (ms: number): number => Math.round(ms * 100) / 100
  results.push({
    question,
    targetMs,
    scientificPythonMs,
    bestMs: rounded(sorted[0]!),
    medianMs: rounded(sorted[Math.floor(sorted.length / 2)]!),
    bestCpuMs: rounded(Math.min(...cpuTimes)),
    firstMs: rounded(times[0]!),
    runs: times.length,
  })
  return result
}

const small = generateCustomers(CDNOW_SIZE, SEED).summary
measure('BG/NBD fit of 2,357 customers (the size of CDNOW), warm', 50, 5, 55, () => fitBgNbd(small))
measure('Gamma-Gamma fit of 2,357 customers, warm', 50, undefined, 26, () => fitGammaGamma(small))

const { summary, transactions } = generateCustomers(CUSTOMERS, SEED)
const fit = measure('BG/NBD fit of 1M customers, grouping included', 7, 500, 10_400, () => fitBgNbd(summary))
measure('MBG/NBD fit of 1M customers, grouping included', 7, undefined, undefined, () => fitMbgNbd(summary))
const spend = measure('Gamma-Gamma fit of 1M customers', 7, 300, 2100, () => fitGammaGamma(summary))
measure('P(alive) of 1M customers', 7, undefined, 18, () => bgNbdProbabilityAlive(fit.params, summary))
measure('Expected purchases of 1M customers, 39 weeks', 7, 250, 420, () =>
  bgNbdExpectedPurchases(fit.params, summary, 39),
)
measure('Expected spend of 1M customers', 7, undefined, 8, () => gammaGammaExpectedValue(spend.params, summary))
measure('12-month lifetime value of 1M customers', 7, 800, 8700, () =>
  customerLifetimeValue({ model: 'bg_nbd', params: fit.params, spend, summary, periodLength: 30.4375 / 7 }),
)
const summarized = measure('Summary of 1M transactions, string ids, unsorted', 7, undefined, 770, () =>
  summarizeTransactions(transactions, { unit: 'day', observationEnd: '2025-12-31' }),
)
measure('RFM of 1M transactions, string ids, summary included', 7, 250, 345, () =>
  scoreRfm(rfmColumns(summarizeTransactions(transactions, { unit: 'day', observationEnd: '2025-12-31' }))),
)

console.log(
  JSON.stringify(
    {
      measuredAt: new Date().toISOString(),
      node: process.version,
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      loadAverage: loadavg()[0],
      seed: SEED,
      fitted: {
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
