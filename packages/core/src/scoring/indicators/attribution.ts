import { ScoringInputError } from '../scoring-input-error.js'
import { removalEffects } from './removal-effects.js'
import type { TouchPath } from './touch-path.js'

export interface AttributionOptions {
  model: 'first' | 'last' | 'linear' | 'position' | 'time_decay' | 'markov'
  /** For `time_decay`: the age at which a touch counts half, in the unit of the ages; default 7. */
  halfLife?: number
}

/**
 * Divides the value of all paths among the channels; the credits sum to the value of the paths with a touch.
 * `first`, `last` and `linear` as named; `position` 40 % to the first, 40 % to the last, the rest to those between (halves
 * for two touches); `time_decay` by 2^(-age / halfLife); `markov` by removal effect: how many conversions a first-order
 * chain over the paths, those without conversion included, loses when the channel leads nowhere (Anderl, Becker, von
 * Wangenheim & Schumann, IJRM 33(3), 2016). Denominator: none, it is a division. Flaw: all of them see only recorded
 * touches and none proves that a channel causes a sale; for that use `differenceInDifferences`.
 */
export function attributeConversions(paths: readonly TouchPath[], options: AttributionOptions): Map<string, number> {
  const { model, halfLife = 7 } = options
  if (!(halfLife > 0)) throw new TypeError('halfLife must be above 0')
  paths.forEach((path, row) => {
    const { value, channels, ages } = path
    if (!(value >= 0 && value <= 1e15)) bad('value', row, 'not a number from 0 to 1e15')
    if (model !== 'time_decay') return
    for (let touch = 0; touch < channels.length; touch++) {
      const age = ages?.[touch]
      if (age === undefined || !(age >= 0 && age < Infinity)) bad('ages', row, 'a touch has no age from 0')
    }
  })
  const credit = new Map<string, number>()
  for (const path of paths) for (const channel of path.channels) credit.set(channel, 0)
  const give = (channel: string, value: number) => credit.set(channel, credit.get(channel)! + value)

  if (model === 'markov') {
    const effects = removalEffects(paths, [...credit.keys()])
    const sum = effects.reduce((total, effect) => total + effect, 0)
    const value = paths.reduce((total, path) => total + (path.channels.length > 0 ? path.value : 0), 0)
    for (const [i, channel] of [...credit.keys()].entries()) {
      if (sum > 0) give(channel, (value * effects[i]!) / sum)
    }
    return credit
  }
  for (const { channels, value, ages } of paths) {
    const n = channels.length
    const youngest = channels.reduce((least, _, touch) => Math.min(least, ages?.[touch] ?? 0), Infinity)
    const weights = channels.map((_, touch) => {
      if (model === 'first') return touch === 0 ? 1 : 0
      if (model === 'last') return touch === n - 1 ? 1 : 0
      if (model === 'position') return n < 3 ? 1 : touch === 0 || touch === n - 1 ? 0.4 : 0.2 / (n - 2)
      if (model === 'time_decay') return 2 ** ((youngest - ages![touch]!) / halfLife)
      return 1
    })
    const sum = weights.reduce((total, weight) => total + weight, 0)
    channels.forEach((channel, touch) => {
      give(channel, (value * weights[touch]!) / sum)
    })
  }
  return credit
}

function bad(column: string, row: number, problem: string): never {
  throw new ScoringInputError({ column, row }, problem, 'Correct the path or leave it out')
}
