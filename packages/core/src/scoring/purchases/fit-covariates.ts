import type { LimitModel } from '../limit-model.js'
import { maximizeLikelihood, type SearchCoordinates } from '../maximum-likelihood.js'
import type { FitOptions, ModelFit } from '../model-fit.js'
import { logParameters, type NamedParameters, namedFit, nameValues } from '../named-parameters.js'
import { columnScales } from '../number-matrix.js'
import { addInNewVariables, type Derivatives, zeroDerivatives } from '../numerics/derivatives.js'
import type { CustomerSummary } from '../summary/customer-summary.js'
import {
  type CovariateEffect,
  type CustomerCovariates,
  groupByCovariates,
  pickCustomers,
  requireCovariates,
} from './customer-covariates.js'
import { fitPurchaseModel, type PurchaseModel, typicalMeans } from './fit-purchase-model.js'
import { mixingCoordinates } from './mixing-coordinates.js'
import { groupPurchaseHistories } from './purchase-histories.js'

/** Effects by the parameter they move, then by the name of the column. */
export type CovariateCoefficients = Record<string, Record<string, number>>

/**
 * A fit with static covariates. `params` are those of a customer whose covariates are all 0. A coefficient of the
 * purchase divides alpha by e^(coefficient z), so that one of 0.69 doubles the purchase rate per unit of z; for the
 * meaning of those of the dropout see the function that made the fit.
 */
export interface CovariateFit<Model extends string, Params extends object> extends ModelFit<Model, Params> {
  coefficients: CovariateCoefficients
  /** Only where `standardErrors` are. */
  coefficientErrors?: CovariateCoefficients
}

/** Which parameters the covariates of the dropout move, and in which direction. */
export interface DropoutEffects {
  parameters: readonly number[]
  sign: 1 | -1
}

/** The rate of a customer with the largest value of a covariate is at most e^15 times that of one with the smallest. */
const LARGEST_EFFECT = 15

/**
 * Maximum likelihood with covariates: customers with equal covariates share their parameters, so that the likelihood is
 * a sum of plain ones, and its derivatives follow by the chain rule. The search runs over standardised covariates.
 */
export function fitWithCovariates<Model extends string, Name extends string>(
  definition: PurchaseModel<Model, Name>,
  dropoutEffects: DropoutEffects,
  summary: CustomerSummary,
  covariates: CustomerCovariates,
  options: Pick<FitOptions<object>, 'maxIterations'> = {},
): CovariateFit<Model, NamedParameters<Name>> {
  const { model, names, mixings } = definition
  const base = fitPurchaseModel(definition, summary, options)
  const n = summary.frequency.length
  for (const columns of [covariates.purchase, covariates.dropout]) if (columns) requireCovariates(columns, n, true)
  const effects = covariateEffects(covariates, dropoutEffects)
  const named = (values: ArrayLike<number>): CovariateCoefficients => nameCoefficients(names, effects, values)
  if (base.limit === 'no_observation_time' || base.limit === 'no_repeat_purchases') {
    return { ...base, coefficients: named(new Float64Array(effects.length)) }
  }

  const groups = groupByCovariates(effects, n)
    .map(({ rows, values }) => ({ values, picked: pickCustomers(summary, rows) }))
    .filter(({ picked }) => !picked.weight || picked.weight.some((weight) => weight > 0))
    .map(({ values, picked }) => ({
      histories: groupPurchaseHistories(picked),
      values,
      jacobian: jacobianOf(effects, values),
    }))
  const likelihood = (variables: Float64Array): Derivatives => {
    const total = zeroDerivatives(variables.length)
    for (const { histories, values, jacobian } of groups) {
      const logs = logsOf(effects, variables, values)
      addInNewVariables(total, definition.likelihood(histories, nameValues(names, logs.map(Math.exp))), jacobian)
    }
    return total
  }
  const origin = typicalMeans(mixings, groupPurchaseHistories(summary))
  const plain = mixingCoordinates(mixings, origin)
  const withoutEffects = (point: Float64Array): Float64Array => Float64Array.of(...point, ...effects.map(() => 0))
  const found = maximizeLikelihood({
    likelihood,
    coordinates: covariateCoordinates(plain, effects),
    limits: [...definition.limits, ...effects.map(effectLimits)],
    guess: withoutEffects(plain.pointOf(logParameters(names, base.params))),
    starts: definition.starts.map((offsets) => withoutEffects(origin.map((mean, i) => mean + offsets[i]!))),
    maxIterations: options.maxIterations,
  })
  found.iterations += base.iterations
  const fit = { ...namedFit(model, names, found), coefficients: named(found.variables.subarray(4)) }
  return found.errors ? { ...fit, coefficientErrors: named(found.errors.subarray(4)) } : fit
}

/** Every effect that the covariates can have, those of the purchase first. */
export function covariateEffects({ purchase, dropout }: CustomerCovariates, of: DropoutEffects): CovariateEffect[] {
  return [
    ...(purchase?.columns ?? []).map((_, column) => ({
      covariates: purchase!,
      column,
      parameter: 1,
      sign: -1 as const,
    })),
    ...of.parameters.flatMap((parameter) =>
      (dropout?.columns ?? []).map((_, column) => ({ covariates: dropout!, column, parameter, sign: of.sign })),
    ),
  ]
}

/** Logarithms of the four parameters of customers with the given covariates. */
export function logsOf(
  effects: readonly CovariateEffect[],
  variables: Float64Array,
  values: Float64Array,
): Float64Array {
  const logs = variables.slice(0, 4)
  effects.forEach(({ parameter, sign }, i) => {
    logs[parameter]! += sign * variables[4 + i]! * values[i]!
  })
  return logs
}

/** Derivatives of these logarithms with respect to the variables. */
function jacobianOf(effects: readonly CovariateEffect[], values: Float64Array): Float64Array {
  const width = 4 + effects.length
  const jacobian = new Float64Array(4 * width)
  for (let i = 0; i < 4; i++) jacobian[i * width + i] = 1
  effects.forEach(({ parameter, sign }, i) => {
    jacobian[parameter * width + 4 + i] = sign * values[i]!
  })
  return jacobian
}

function nameCoefficients(
  names: readonly string[],
  effects: readonly CovariateEffect[],
  values: ArrayLike<number>,
): CovariateCoefficients {
  const named: CovariateCoefficients = {}
  effects.forEach(({ parameter, covariates: { columns }, column }, i) => {
    named[names[parameter]!] = { ...named[names[parameter]!], [columns[column]!]: values[i]! }
  })
  return named
}

/** Standardised effects beside the plain coordinates, which speak of a customer with mean covariates. */
function covariateCoordinates(plain: SearchCoordinates, effects: readonly CovariateEffect[]): SearchCoordinates {
  const scales = effects.map(({ covariates: { x, columns }, column }) => {
    const { means, deviations } = columnScales(x, columns.length)
    const values = x.filter((_, i) => i % columns.length === column)
    const range =
      values.reduce((most, value) => Math.max(most, value)) - values.reduce((least, v) => Math.min(least, v))
    return {
      mean: means[column]!,
      deviation: deviations[column]!,
      bound: (LARGEST_EFFECT * deviations[column]!) / range,
    }
  })
  const bounds = Float64Array.from(scales, ({ bound }) => bound)
  const move = (target: Float64Array, coefficients: Float64Array, direction: 1 | -1): void => {
    effects.forEach(({ parameter, sign }, i) => {
      target[parameter]! += direction * sign * coefficients[4 + i]! * scales[i]!.mean
    })
  }
  return {
    lower: Float64Array.of(...plain.lower, ...bounds.map((bound) => -bound)),
    upper: Float64Array.of(...plain.upper, ...bounds),
    variablesAt(point) {
      const variables = plain.variablesAt(point)
      for (let i = 0; i < effects.length; i++) variables[4 + i]! /= scales[i]!.deviation
      move(variables, variables, -1)
      return variables
    },
    pointOf(variables) {
      const centred = variables.slice()
      move(centred, variables, 1)
      const point = plain.pointOf(centred)
      for (let i = 0; i < effects.length; i++) point[4 + i]! *= scales[i]!.deviation
      return point
    },
    slopesAt(point) {
      const width = point.length
      const slopes = plain.slopesAt(point)
      effects.forEach(({ parameter, sign }, i) => {
        const { mean, deviation } = scales[i]!
        slopes[(4 + i) * width + 4 + i] = 1 / deviation
        slopes[parameter * width + 4 + i] = (-sign * mean) / deviation
      })
      return slopes
    },
    addBends: (hessian, point, gradient) => plain.addBends?.(hessian, point, gradient),
  }
}

function effectLimits({ covariates: { columns }, column }: CovariateEffect, i: number): LimitModel[] {
  const limit = {
    coordinate: 4 + i,
    limit: 'unbounded_effect',
    meaning: `The effect of ${columns[column]} has no end in these data: some of its customers do not buy again or do not leave.`,
  }
  return [
    { ...limit, side: 'lower' },
    { ...limit, side: 'upper' },
  ]
}
