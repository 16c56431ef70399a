import { ScoringInputError } from '../scoring-input-error.js'
import type { TouchPath } from './touch-path.js'

const MOST_CHANNELS = 400

/**
 * Share of conversions lost when a channel leads nowhere, 0 to 1, one per channel. With N = (I - Q)^-1 of the chain of
 * start and channels and c the chances to convert, a walk passes channel j with chance N[start, j] / N[j, j], so the loss
 * is that times c[j] / c[start]: one inverse serves all channels. Elimination needs no pivots: I - Q is an M-matrix, and
 * every observed state leads to an end.
 */
export function removalEffects(paths: readonly TouchPath[], channels: readonly string[]): number[] {
  const size = channels.length + 1
  if (size > MOST_CHANNELS) {
    throw new ScoringInputError({ column: 'channels' }, `more than ${MOST_CHANNELS - 1}`, 'Group channels')
  }
  const state = new Map(channels.map((channel, i) => [channel, i + 1]))
  const moves = Array.from({ length: size }, () => new Float64Array(size))
  const visits = new Float64Array(size)
  const conversions = new Float64Array(size)
  for (const path of paths) {
    let at = 0
    for (const channel of path.channels) {
      const next = state.get(channel)!
      visits[at]! += 1
      moves[at]![next]! += 1
      at = next
    }
    if (at === 0) continue
    visits[at]! += 1
    if (path.value > 0) conversions[at]! += 1
  }
  const inverse = moves.map((row, i) => {
    const line = row.map((count, j) => (i === j ? 1 : 0) - count / (visits[i]! || 1))
    return Float64Array.from({ length: 2 * size }, (_, j) => (j < size ? line[j]! : j - size === i ? 1 : 0))
  })
  for (let pivot = 0; pivot < size; pivot++) {
    const line = inverse[pivot]!
    const scale = 1 / line[pivot]!
    for (let j = 0; j < 2 * size; j++) line[j]! *= scale
    for (let i = 0; i < size; i++) {
      const factor = i === pivot ? 0 : inverse[i]![pivot]!
      if (factor !== 0) for (let j = 0; j < 2 * size; j++) inverse[i]![j]! -= factor * line[j]!
    }
  }
  const convert = inverse.map((line) => {
    let chance = 0
    for (let j = 0; j < size; j++) chance += (line[size + j]! * conversions[j]!) / (visits[j]! || 1)
    return chance
  })
  return channels.map((_, i) => {
    const j = i + 1
    const passes = inverse[0]![size + j]! / inverse[j]![size + j]!
    return convert[0]! > 0 ? Math.min(1, (passes * convert[j]!) / convert[0]!) : 0
  })
}
