export interface Measured {
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

export interface Step<Result> {
  question: string
  runs: number
  targetMs?: number
  scientificPythonMs?: number
  work: () => Result
}

/** Runs a step once to warm up, then `runs` times; hands back what it made. */
export function measure<Result>(results: Measured[], step: Step<Result>): Result {
  const times: number[] = []
  const cpuTimes: number[] = []
  let result = step.work()
  for (let run = 0; run < step.runs; run++) {
    const cpuStart = process.cpuUsage()
    const start = performance.now()
    result = step.work()
    times.push(performance.now() - start)
    const cpu = process.cpuUsage(cpuStart)
    cpuTimes.push((cpu.user + cpu.system) / 1000)
  }
  const sorted = times.slice().sort((one, other) => one - other)
  const rounded = (ms: number): number => Math.round(ms * 100) / 100
  results.push({
    question: step.question,
    targetMs: step.targetMs,
    scientificPythonMs: step.scientificPythonMs,
    bestMs: rounded(sorted[0]!),
    medianMs: rounded(sorted[Math.floor(sorted.length / 2)]!),
    bestCpuMs: rounded(Math.min(...cpuTimes)),
    firstMs: rounded(times[0]!),
    runs: times.length,
  })
  return result
}
