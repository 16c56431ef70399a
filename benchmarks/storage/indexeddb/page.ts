import type { PagePlace } from '../contestant.js'
import { contactRow } from '../specimen-contact.js'
import type { Contestant } from './contestant.js'
import { rapportContestant } from './rapport-contestant.js'
import { byCursor, byGetAll, rawContestant } from './raw-contestant.js'

/** How much work a run does. */
export interface Extent {
  readonly bulkRows: readonly number[]
  readonly bulkRounds: number
  /** Rows in the database that is read. */
  readonly stored: number
  readonly operations: number
  readonly rounds: number
}

/** Outcome of a task for one contestant. */
export interface Figure {
  readonly task: string
  readonly contestant: string
  /** Median milliseconds of an operation. */
  readonly medianMs: number
  /** Time relative to each raw contestant, as the median of the ratios of single rounds: below 1 is faster. */
  readonly timeRatioTo: Readonly<Record<string, number>>
}

/** One round of a task: how many milliseconds an operation took. */
type Round = (contestant: Contestant, round: number) => Promise<number>

declare global {
  /** The page's side of the benchmark, called from Node. */
  var measureIndexedDb: (extent: Extent) => Promise<Figure[]>
}

const contestants = [
  rawContestant('raw cursor', byCursor),
  rawContestant('raw getAll', byGetAll),
  rapportContestant('rapport'),
]

globalThis.measureIndexedDb = async ({ bulkRows, bulkRounds, stored, operations, rounds }) => {
  const figures: Figure[] = []
  // Only one of the raw ones inserts: they differ in how they read.
  const inserting = contestants.filter(({ name }) => name !== 'raw getAll')
  for (const count of bulkRows) {
    figures.push(...(await measure(`bulk insert of ${count}`, inserting, bulkRounds, bulkInsert(count))))
  }
  for (const contestant of contestants) {
    await contestant.open()
    for (let start = 0; start < stored; start += 10_000) {
      const size = Math.min(10_000, stored - start)
      await contestant.insert(Array.from({ length: size }, (_, index) => contactRow('stored', start + index)))
    }
  }
  const place = (round: number, operation: number) =>
    contactRow('stored', (Math.imul(round * operations + operation + 1, 0x85ebca6b) >>> 0) % stored)
  const repeated =
    (run: (contestant: Contestant, round: number, operation: number) => Promise<unknown>): Round =>
    async (contestant, round) => {
      const start = performance.now()
      for (let operation = 0; operation < operations; operation++) await run(contestant, round, operation)
      return (performance.now() - start) / operations
    }
  const get = repeated(async (contestant, round, operation) => {
    if ((await contestant.read(place(round, operation).id)) === undefined) throw new Error('a stored row was not found')
  })
  const page = repeated((contestant, round, operation) => {
    return contestant.page(place(round, operation) as unknown as PagePlace)
  })
  const update = repeated((contestant, round, operation) => contestant.update(place(round, operation).id, operation))
  figures.push(...(await measure(`point get of ${stored}`, inserting, rounds, get)))
  figures.push(...(await measure(`page of 50, newest first, of ${stored}`, contestants, rounds, page)))
  figures.push(...(await measure(`update of ${stored}`, inserting, rounds, update)))
  for (const contestant of contestants) await contestant.remove()
  return figures
}

/** Inserts into an empty database, which is made and deleted outside the clock. */
function bulkInsert(count: number): Round {
  return async (contestant, round) => {
    const rows = Array.from({ length: count }, (_, index) => contactRow(`round${round}`, index))
    await contestant.open()
    const start = performance.now()
    await contestant.insert(rows)
    const tookMs = performance.now() - start
    await contestant.remove()
    return tookMs
  }
}

/** Runs a task round by round in an order that turns, so that what disturbs the machine disturbs all. The first round warms up. */
async function measure(task: string, taking: readonly Contestant[], rounds: number, run: Round): Promise<Figure[]> {
  const times = taking.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < taking.length; turn++) {
      const index = (turn + round) % taking.length
      const tookMs = await run(taking[index]!, round)
      if (round > 0) times[index]!.push(tookMs)
    }
  }
  return taking.map(({ name }, index) => ({
    task,
    contestant: name,
    medianMs: Number(median(times[index]!).toPrecision(4)),
    timeRatioTo: Object.fromEntries(
      taking.flatMap((other, place) => {
        const ratio = median(times[index]!.map((mine, round) => mine / times[place]![round]!))
        return other.name.startsWith('raw') ? [[other.name, Math.round(ratio * 100) / 100] as const] : []
      }),
    ),
  }))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
