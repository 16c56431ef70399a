import type { LimitModel } from '../limit-model.js'
import { type LikelihoodMaximum, maximizeLikelihood } from '../maximum-likelihood.js'
import type { FitOptions, ModelFit } from '../model-fit.js'
import { logParameters, type NamedParameters, namedFit, nameValues, requireParameters } from '../named-parameters.js'
import { everyNth } from '../number-column.js'
import type { Derivatives } from '../numerics/derivatives.js'
import type { CustomerSummary } from '../summary/customer-summary.js'
import { type Mixing, mixingCoordinates } from './mixing-coordinates.js'
import { groupPurchaseHistories, type PurchaseHistories } from './purchase-histories.js'

/** What a model with two traits, purchase and dropout, needs to be fitted. */
export interface PurchaseModel<Model extends string, Name extends string> {
  model: Model
  /** Two parameters of the purchase, two of the dropout. */
  names: readonly Name[]
  mixings: readonly [purchase: Mixing, dropout: Mixing]
  limits: readonly (readonly LimitModel[])[]
  /** Throws for rows that no customer of the model can have. */
  check(summary: CustomerSummary): void
  /** Derivatives with respect to the logarithms of the parameters. */
  likelihood(histories: PurchaseHistories, params: NamedParameters<Name>): Derivatives
  /** Where to begin, most promising first, relative to the typical means. */
  starts: readonly (readonly number[])[]
  /** Of more than twice as many customers, so many show where the search over all of them should begin. */
  sampleSize: number
}

const FEW_PURCHASES = 10
const LOG_NEXT_TO_NOTHING = Math.log(1e-8)

/**
 * Maximum likelihood by damped Newton steps with exact derivatives. Data that say nothing and data without an interior
 * maximum end with a status, never with an exception.
 */
export function fitPurchaseModel<Model extends string, Name extends string>(
  definition: PurchaseModel<Model, Name>,
  summary: CustomerSummary,
  options: FitOptions<NamedParameters<Name>> = {},
): ModelFit<Model, NamedParameters<Name>> {
  const { model, names } = definition
  definition.check(summary)
  if (options.start) requireParameters(names, options.start)
  const histories = groupPurchaseHistories(summary)
  const fit = namedFit(model, names, searchPurchaseModel(definition, summary, histories, options))
  if (fit.status !== 'failed' && histories.purchases < FEW_PURCHASES && histories.purchases > 0) {
    fit.warnings.push(
      `Only ${histories.purchases} repeat purchases in all: the parameters are little more than a guess.`,
    )
  }
  return fit
}

function searchPurchaseModel<Name extends string>(
  definition: PurchaseModel<string, Name>,
  summary: CustomerSummary,
  histories: PurchaseHistories,
  { start, maxIterations }: FitOptions<NamedParameters<Name>>,
): LikelihoodMaximum {
  const { names, mixings, starts, limits } = definition
  const { purchases, longestAge } = histories
  const likelihood = (variables: Float64Array): Derivatives =>
    definition.likelihood(histories, nameValues(names, variables.map(Math.exp)))

  if (longestAge === 0 || purchases === 0) {
    const point = Float64Array.of(LOG_NEXT_TO_NOTHING - Math.log(longestAge || 1), 0, 0, 0)
    const variables = mixingCoordinates(mixings, point).variablesAt(point)
    const logLikelihood = likelihood(variables).value
    const nothing = longestAge === 0
    return {
      point,
      variables,
      logLikelihood,
      iterations: 0,
      status: nothing ? 'failed' : 'boundary',
      limit: nothing ? 'no_observation_time' : 'no_repeat_purchases',
      warnings: [
        nothing
          ? 'No customer was observed after the first purchase: there is nothing to learn from.'
          : 'No customer has bought again: expect no purchases; nothing is known of dropout.',
      ],
    }
  }

  const origin = typicalMeans(mixings, histories)
  const coordinates = mixingCoordinates(mixings, origin)
  const stride = start ? 1 : Math.floor(summary.age.length / definition.sampleSize)
  const rough = stride > 1 ? roughSearch(definition, summary, stride) : undefined
  const guess = start ? logParameters(names, start) : rough?.variables
  const found = maximizeLikelihood({
    likelihood,
    coordinates,
    limits,
    guess: guess && coordinates.pointOf(guess),
    starts: starts.map((offsets) => origin.map((mean, i) => mean + offsets[i]!)),
    maxIterations,
  })
  found.iterations += rough?.iterations ?? 0
  return found
}

/** The search from one start over every so-many-th customer. */
function roughSearch<Name extends string>(
  definition: PurchaseModel<string, Name>,
  { frequency, recency, age }: CustomerSummary,
  stride: number,
): LikelihoodMaximum {
  const sample = {
    frequency: everyNth(frequency, stride),
    recency: everyNth(recency, stride),
    age: everyNth(age, stride),
  }
  const oneStart = { ...definition, starts: definition.starts.slice(0, 1), sampleSize: Infinity }
  return searchPurchaseModel(oneStart, sample, groupPurchaseHistories(sample), {})
}

/** The origin of the search: the mean rate of the data, one dropout in the longest time, and even odds for chances. */
export function typicalMeans(mixings: readonly Mixing[], histories: PurchaseHistories): Float64Array {
  const { age, customersOfAge, purchases, longestAge } = histories
  const exposure = age.values.reduce((sum, T, i) => sum + T * customersOfAge[i]!, 0)
  const typical = [Math.log(purchases / exposure), -Math.log(longestAge)]
  return Float64Array.from({ length: 4 }, (_, i) => (mixings[i / 2] === 'gamma' ? typical[i / 2]! : 0))
}

/** Total log-likelihood of the customers at given parameters. */
export function purchaseLogLikelihood<Name extends string>(
  { names, check, likelihood }: PurchaseModel<string, Name>,
  params: NamedParameters<Name>,
  summary: CustomerSummary,
): number {
  requireParameters(names, params)
  check(summary)
  return likelihood(groupPurchaseHistories(summary), params).value
}
