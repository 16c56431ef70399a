/**
 * How an estimation ended. `converged`: a maximum inside the parameter space. `boundary`: the likelihood keeps rising
 * towards a simpler limit model, named in `limit`; the parameters stand for that model and its predictions are finite.
 * `failed`: the data say nothing, or the search ran out of iterations; do not use the parameters.
 */
export type FitStatus = 'converged' | 'boundary' | 'failed'

/** The result of fitting one model: parameters in the time unit of the data and how far they can be trusted. */
export interface ModelFit<Model extends string, Params extends object> {
  model: Model
  params: Params
  status: FitStatus
  /** Stable code of the limit model or of the cause of failure; absent where status is `converged`. */
  limit?: string
  /** Natural logarithm, total over customers, in the time unit of the data. */
  logLikelihood: number
  iterations: number
  /** In the units of the parameters; only where status is `converged`. */
  standardErrors?: Params
  /** What to know before using the numbers, in plain words. */
  warnings: string[]
}

export interface FitOptions<Params extends object> {
  /** Where to begin the search; default: estimated from the data. The maximum found does not depend on it. */
  start?: Params
  /** Likelihood evaluations per start; default 200. */
  maxIterations?: number
}
