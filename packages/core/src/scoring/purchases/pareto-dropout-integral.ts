import { GAUSS_8, GAUSS_16 } from '../numerics/gauss-legendre.js'
import type { ParetoNbdParams } from './pareto-nbd-params.js'

/** Past this fall of its logarithm an integrand adds nothing to a double. */
const INVISIBLE_FALL = 45
/** Lengths of a panel on which sixteen nodes give full precision: in log time, and in the fall of ln integrand. */
const PANEL_LENGTH = 3
const PANEL_FALL = 12
/** The same for eight nodes, which do for most customers. */
const SHORT_LENGTH = 1.5
const SHORT_FALL = 4
const MOST_PANELS = 256

/**
 * When a silent customer may have left: the integral over the unseen time u of dropout, from t_x to T,
 *   J = s * integral of ((alpha+T)/(alpha+u))^(r+x) ((beta+T)/(beta+u))^s / (beta+u) du,
 * which is the odds of having left. It stands for the difference of two 2F1 in the textbooks (Fader & Hardie, note
 * 009), which cancels; the integrand is positive, and smooth in v = ln((m+u)/(m+t_x)), m = min(alpha, beta), where its
 * logarithm is concave. Nodes and their shares are kept, since every derivative of the likelihood is a mean over them.
 */
export interface ParetoDropoutIntegral {
  /** Fills the nodes for one history and returns ln J; -Infinity where t_x = T. */
  evaluate(params: ParetoNbdParams, x: number, recency: number, age: number): number
  nodes: number
  /** Per node: its part of the integral (they add up to 1) and the time u - t_x. */
  share: Float64Array
  elapsed: Float64Array
  /** Per node: ln((alpha+u)/(alpha+t_x)) and ln((beta+u)/(beta+t_x)). */
  logAlpha: Float64Array
  logBeta: Float64Array
}

export function createParetoDropoutIntegral(): ParetoDropoutIntegral {
  const room = MOST_PANELS * GAUSS_16.positions.length
  const share = new Float64Array(room)
  const elapsed = new Float64Array(room)
  const logAlpha = new Float64Array(room)
  const logBeta = new Float64Array(room)
  const integral: ParetoDropoutIntegral = { evaluate, nodes: 0, share, elapsed, logAlpha, logBeta }

  function evaluate({ r, alpha, s, beta }: ParetoNbdParams, x: number, recency: number, age: number): number {
    integral.nodes = 0
    const silence = age - recency
    if (silence === 0) return -Infinity
    const k = r + x
    const fastIsAlpha = alpha <= beta
    const fast = (fastIsAlpha ? alpha : beta) + recency
    const slow = (fastIsAlpha ? beta : alpha) + recency
    const power = fastIsAlpha ? 1 - k : -s
    const slowPower = fastIsAlpha ? s + 1 : k
    const pace = fast / slow
    const wholeLength = Math.log1p(silence / fast)
    const slowLength = Math.log1p(silence / slow)
    const length = visibleLength(power, slowPower, pace, wholeLength)
    const fall = length < wholeLength ? INVISIBLE_FALL : slowPower * slowLength - power * wholeLength
    const panels = Math.min(Math.ceil(Math.max(length / PANEL_LENGTH, fall / PANEL_FALL, 1)), MOST_PANELS)
    const step = length / panels
    const { positions, weights } = length <= SHORT_LENGTH && Math.abs(fall) <= SHORT_FALL ? GAUSS_8 : GAUSS_16
    const fastLog = fastIsAlpha ? logAlpha : logBeta
    const slowLog = fastIsAlpha ? logBeta : logAlpha

    let node = 0
    let sum = 0
    for (let panel = 0; panel < panels; panel++) {
      for (let i = 0; i < positions.length; i++) {
        const v = (panel + positions[i]!) * step
        const growth = Math.expm1(v)
        const w = Math.log1p(pace * growth)
        const part = weights[i]! * Math.exp(power * v - slowPower * w)
        fastLog[node] = v
        slowLog[node] = w
        elapsed[node] = fast * growth
        share[node] = part
        sum += part
        node++
      }
    }
    const scale = 1 / sum
    for (let i = 0; i < node; i++) share[i]! *= scale
    integral.nodes = node
    const alphaSilence = fastIsAlpha ? wholeLength : slowLength
    const betaSilence = fastIsAlpha ? slowLength : wholeLength
    return Math.log(s) + k * alphaSilence + s * betaSilence + Math.log((fast / (beta + recency)) * step * sum)
  }
  return integral
}

/** Where power v - slowPower ln(1 + pace (e^v - 1)), concave and 0 at v = 0, has fallen out of sight. */
function visibleLength(power: number, slowPower: number, pace: number, whole: number): number {
  let v = whole
  // The tangent of a concave function lies above it: Newton's steps from the right never pass the crossing.
  for (let i = 0; i < 60; i++) {
    const growth = Math.expm1(v)
    const excess = power * v - slowPower * Math.log1p(pace * growth) + INVISIBLE_FALL
    if (excess >= -1) return v
    v -= excess / (power - (slowPower * pace * (1 + growth)) / (1 + pace * growth))
  }
  return v
}
