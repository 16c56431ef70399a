import type { LikelihoodMaximum } from './maximum-likelihood.js'
import type { ModelFit } from './model-fit.js'
import { LARGEST_NUMBER } from './number-column.js'

/** Parameters of a model by name, all positive. */
export type NamedParameters<Name extends string> = Record<Name, number>

/** Throws TypeError unless all named parameters are positive numbers, from 1e-100 to 1e100. */
export function requireParameters<Name extends string>(names: readonly Name[], params: NamedParameters<Name>): void {
  for (const name of names) {
    if (!(params[name] >= 1 / LARGEST_NUMBER && params[name] <= LARGEST_NUMBER))
      throw new TypeError(`Parameter ${name} must be a positive number`)
  }
}

export function nameValues<Name extends string>(
  names: readonly Name[],
  values: ArrayLike<number>,
): Record<Name, number> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]!])) as Record<Name, number>
}

/** The logarithms of parameters, in the order of the names. */
export function logParameters<Name extends string>(
  names: readonly Name[],
  params: NamedParameters<Name>,
): Float64Array {
  return Float64Array.from(names, (name) => Math.log(params[name]))
}

/** The fit that a maximum in the logarithms of the parameters stands for. */
export function namedFit<Model extends string, Name extends string>(
  model: Model,
  names: readonly Name[],
  { point: _, variables, errors, ...found }: LikelihoodMaximum,
): ModelFit<Model, NamedParameters<Name>> {
  const values = variables.map(Math.exp)
  const fit: ModelFit<Model, NamedParameters<Name>> = { model, params: nameValues(names, values), ...found }
  if (!errors) return fit
  fit.standardErrors = nameValues(
    names,
    errors.map((error, i) => error * values[i]!),
  )
  const vague = names.filter((_, i) => errors[i]! > 1)
  if (vague.length > 0) {
    fit.warnings.push(`The data hardly determine ${vague.join(', ')}: predictions hold better than parameters.`)
  }
  return fit
}
