import { performance } from 'node:perf_hooks'
import type { Contestant } from './contestant.js'

/** One kind of work. `run` does it once for a contestant; `operations` is how often per round. */
export interface Task {
  readonly name: string
  readonly operations: number
  readonly rounds: number
  /** Rows of one operation, to report rows instead of operations a second. */
  readonly rowsPerOperation?: number
  /** What is to be done in one operation; made before the clock starts. */
  prepare(contestant: Contestant, round: number, operation: number): () => Promise<unknown>
}

/** Outcome of a task for one contestant. */
export interface Figure {
  readonly task: string
  readonly contestant: string
  /** Median milliseconds of an operation over all rounds. */
  readonly medianMs: number
  /** Operations a second at the median; rows a second for batches. */
  readonly perSecond: number
  /** Speed relative to each contestant named, as the median of the ratios of single rounds: above 1 is faster. */
  readonly ratioTo: Readonly<Record<string, number>>
}

/**
 * Runs a task for all contestants, round by round and in an order that turns, so that what disturbs the machine disturbs all. The
 * first round warms up and is not counted.
 */
export async function measure(task: Task, contestants: readonly Contestant[]): Promise<Figure[]> {
  const perRound = contestants.map((): number[] => [])
  const all = contestants.map((): number[] => [])
  for (let round = 0; round <= task.rounds; round++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const index = (turn + round) % contestants.length
      const contestant = contestants[index]!
      const times: number[] = []
      for (let operation = 0; operation < task.operations; operation++) {
        const work = task.prepare(contestant, round, operation)
        const start = performance.now()
        await work()
        times.push(performance.now() - start)
      }
      if (round === 0) continue
      perRound[index]!.push(median(times))
      all[index]!.push(...times)
    }
  }
  return contestants.map((contestant, index) => {
    const medianMs = median(all[index]!)
    const ratios = contestants.map((other, place) => {
      const rounds = perRound[index]!.map((mine, round) => perRound[place]![round]! / mine)
      return [other.name, round2(median(rounds))] as const
    })
    return {
      task: task.name,
      contestant: contestant.name,
      medianMs: Number(medianMs.toPrecision(4)),
      perSecond: Math.round((1_000 / medianMs) * (task.rowsPerOperation ?? 1)),
      ratioTo: Object.fromEntries(ratios),
    }
  })
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
