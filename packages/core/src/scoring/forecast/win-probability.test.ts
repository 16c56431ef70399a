import { describe, expect, it } from 'vitest'
import { seededDraws } from './seeded-draws.js'
import { type DealHistory, estimateWinProbability, winProbability, winShareWithin } from './win-probability.js'

const deal = (outcome: DealHistory['outcome'], until: number, stage = 'offer'): DealHistory => ({
  outcome,
  until,
  visits: [{ stage, enteredAt: 0 }],
})

describe('estimateWinProbability', () => {
  it('is prior plus won and lost where all deals are closed', () => {
    const history = Array.from({ length: 20 }, (_, i) => deal(i < 5 ? 'won' : 'lost', 10))
    const { overall, stages } = estimateWinProbability(history, { priorStrength: 4 })
    // Uniform prior: Beta(1 + 5, 1 + 15). The stage: 4 deals at 6/22 of prior, then 5 won and 15 lost.
    expect([overall.alpha, overall.beta]).toEqual([6, 16])
    const stage = stages.get('offer')![0]!
    expect(stage.alpha).toBeCloseTo(4 * (6 / 22) + 5, 12)
    expect(stage.beta).toBeCloseTo(4 * (16 / 22) + 15, 12)
    expect([stage.deals, stage.closed]).toEqual([20, 20])
  })

  it('treats open deals as censored', () => {
    // Won at 1 (of 4): incidence 1/4, open 3/4; open deal leaves at 2; lost at 3 (of 2): open 3/8; won at 4: 1/4 + 3/8.
    const history = [deal('won', 1), deal('open', 2), deal('lost', 3), deal('won', 4)]
    const { overall } = estimateWinProbability(history)
    expect(overall.alpha).toBeCloseTo(1 + 3 * 0.625, 12)
    expect(overall.beta).toBeCloseTo(1 + 3 * 0.375, 12)
    expect(overall.winTimes).toEqual([1, 4])
    expect(winShareWithin(overall, 3)).toBeCloseTo(0.25 / 0.625, 12)
    expect([winShareWithin(overall, 0.5), winShareWithin(overall, 4)]).toEqual([0, 1])
  })

  it('gives what is still open at the end the chance of the prior', () => {
    // Won at 1 (of 4): 1/4; lost at 2 (of 3): half still open at the end, at 1 : 1: 1/4 + 1/2 x 1/2 = 1/2 of 2 closed.
    const history = [deal('won', 1), deal('lost', 2), deal('open', 5), deal('open', 6)]
    const { overall } = estimateWinProbability(history)
    expect([overall.alpha, overall.beta]).toEqual([2, 2])
  })

  it('finds the chance that closed deals alone hide, because wins take longer', () => {
    const { uniform } = seededDraws(7)
    const history = Array.from({ length: 4000 }, () => {
      const wins = uniform() < 0.5
      const closes = -(wins ? 60 : 15) * Math.log(1 - uniform())
      const watched = 200 * uniform()
      return deal(closes > watched ? 'open' : wins ? 'won' : 'lost', Math.min(closes, watched))
    })
    const closed = history.filter(({ outcome }) => outcome !== 'open')
    const closedOnly = closed.filter(({ outcome }) => outcome === 'won').length / closed.length
    expect(closedOnly).toBeLessThan(0.45)
    // Standard error of a share of 4000 is 0.008; censoring widens it.
    expect(Math.abs(estimateWinProbability(history).overall.mean - 0.5)).toBeLessThan(0.03)
  })

  it('lets the chance fall with time in stage, as far as it does', () => {
    const { uniform } = seededDraws(11)
    const history = Array.from({ length: 4000 }, () => {
      const wins = uniform() < 0.5
      const stay = -(wins ? 5 : 20) * Math.log(1 - uniform())
      return {
        ...deal(wins ? 'won' : 'lost', stay + 3),
        visits: [
          { stage: 'offer', enteredAt: 0 },
          { stage: 'close', enteredAt: stay },
        ],
      }
    })
    const model = estimateWinProbability(history)
    const estimates = model.stages.get('offer')!
    expect(estimates.map(({ age }) => age)).toHaveLength(4)
    for (const { age, mean } of estimates) {
      const [won, lost] = [Math.exp(-age / 5), Math.exp(-age / 20)]
      expect(Math.abs(mean - won / (won + lost))).toBeLessThan(0.04)
    }
    const stuck = winProbability(model, 'offer', 1000)
    expect(stuck.mean).toBe(estimates[3]!.mean)
    expect(stuck.reasons[0]).toMatchObject({ what: 'time_in_stage', effect: 'lowers' })
    expect(winProbability(model, 'offer').reasons[0]?.what).toBe('stage_history')
  })

  it('counts a deal once in a stage it enters again, and never in one it skipped', () => {
    const back: DealHistory = {
      outcome: 'won',
      until: 40,
      visits: [
        { stage: 'offer', enteredAt: 0 },
        { stage: 'talk', enteredAt: 10 },
        { stage: 'offer', enteredAt: 20 },
      ],
    }
    const model = estimateWinProbability([back, deal('lost', 5, 'first')])
    expect(model.stages.get('offer')![0]).toMatchObject({ deals: 1, closed: 1, winTimes: [40] })
    expect(model.stages.get('talk')![0]).toMatchObject({ deals: 1, winTimes: [30] })
    expect(winProbability(model, 'renamed')).toMatchObject({
      mean: model.overall.mean,
      reasons: [{ what: 'stage_without_history', effect: 'neutral' }],
    })
  })

  it('knows nothing without history, and names bad rows', () => {
    expect(estimateWinProbability([]).overall).toMatchObject({ mean: 0.5, alpha: 1, beta: 1, deals: 0 })
    const open = estimateWinProbability([deal('open', 3)])
    expect(open.stages.get('offer')![0]!.mean).toBeCloseTo(0.5, 12)
    expect(() => estimateWinProbability([deal('won', 3), deal('won', -1)])).toThrow(/visits, row 1/)
    expect(() => estimateWinProbability([deal('won', Number.NaN)])).toThrow(/visits, row 0/)
    expect(() => estimateWinProbability([deal('on hold' as 'open', 3)])).toThrow(/outcome, row 0/)
    expect(() => estimateWinProbability([], { priorStrength: 0 })).toThrow(TypeError)
  })
})

describe('seededDraws', () => {
  it('repeats, and has the moments of Beta', () => {
    expect(seededDraws(5).uniform()).toBe(seededDraws(5).uniform())
    expect(seededDraws(5).uniform()).not.toBe(seededDraws(6).uniform())
    expect(() => seededDraws(0.5)).toThrow(TypeError)
    for (const [alpha, beta] of [
      [2, 6],
      [0.5, 0.5],
      [80, 20],
    ] as const) {
      const draws = seededDraws(1)
      const values = Array.from({ length: 20_000 }, () => draws.beta(alpha, beta))
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
      const expected = (alpha * beta) / ((alpha + beta) ** 2 * (alpha + beta + 1))
      expect(Math.abs(mean - alpha / (alpha + beta))).toBeLessThan(4 * Math.sqrt(expected / values.length))
      expect(Math.abs(variance / expected - 1)).toBeLessThan(0.05)
    }
  })
})
