import type { SearchCoordinates } from '../maximum-likelihood.js'

/**
 * How a trait varies over customers: rates by Gamma(p, q), q being a time; chances by Beta(p, q). A trait has the
 * coordinates ln p/q, its mean (of a chance: its odds), and ln p or ln(p+q), how alike customers are in it. Every way
 * in which real data lose their maximum is then an axis, and a bound on it is a limit model.
 */
export type Mixing = 'gamma' | 'beta'

const FARTHEST_MEAN = 16
const SMALLEST_SHAPE = Math.log(1e-5)
const LARGEST_SHAPE = Math.log(1e6)
/** Places of the two traits, purchase and dropout, among the four parameters. */
const TRAITS = [0, 2] as const

/** The coordinates of two traits; `origin` holds the typical means, about which the bounds lie. */
export function mixingCoordinates(mixings: readonly [Mixing, Mixing], origin: Float64Array): SearchCoordinates {
  const isBeta = (trait: number): boolean => mixings[trait / 2] === 'beta'
  const logShare = (trait: number, mean: number): number => (isBeta(trait) ? -Math.log1p(Math.exp(-mean)) : 0)
  const rest = (trait: number, mean: number): number => (isBeta(trait) ? 1 / (1 + Math.exp(mean)) : 0)
  const bound = (mean: number, shape: number): Float64Array =>
    origin.map((typical, i) => typical + (i % 2 === 0 ? mean : shape))
  return {
    lower: bound(-FARTHEST_MEAN, SMALLEST_SHAPE),
    upper: bound(FARTHEST_MEAN, LARGEST_SHAPE),
    variablesAt(point) {
      const variables = point.slice()
      for (const trait of TRAITS) {
        variables[trait] = point[trait + 1]! + logShare(trait, point[trait]!)
        variables[trait + 1] = variables[trait]! - point[trait]!
      }
      return variables
    },
    pointOf(variables) {
      const point = variables.slice()
      for (const trait of TRAITS) {
        point[trait] = variables[trait]! - variables[trait + 1]!
        point[trait + 1] = variables[trait]! - logShare(trait, point[trait]!)
      }
      return point
    },
    slopesAt(point) {
      const n = point.length
      const slopes = new Float64Array(n * n)
      for (const trait of TRAITS) {
        const missing = rest(trait, point[trait]!)
        slopes.set([missing, 1], trait * (n + 1))
        slopes.set([missing - 1, 1], trait * (n + 1) + n)
      }
      return slopes
    },
    addBends(hessian, point, gradient) {
      for (const trait of TRAITS) {
        const missing = rest(trait, point[trait]!)
        hessian[trait * (point.length + 1)]! -= missing * (1 - missing) * (gradient[trait]! + gradient[trait + 1]!)
      }
    },
  }
}
