import { isCrmError, type Query, type StorageSession, type Write } from '@rapport/core/storage'
import { assertEqual, failureOf, show } from '../assertion.js'
import type { SeededRandom } from '../seeded-random.js'
import type { DefineSuite } from './conformance-case.js'
import { randomBatch } from './random-batch.js'
import { randomFilter, randomOrder } from './random-query.js'
import { randomRows } from './random-rows.js'
import { queryOf, walkPages } from './reading.js'
import { ReferenceModel } from './reference-model.js'
import { indexedOrder } from './requirement.js'
import { specimen } from './specimen.js'
import { insertRows } from './writing.js'

/** Random data, writes and queries, answered by the adapter and by a model of the contract. */
export const differentialSuite: DefineSuite = (define, rounds) => {
  for (let round = 1; round <= rounds(3, 10); round++) {
    define(
      `random queries are answered as the model answers them, round ${round}`,
      async ({ session, random, capabilities }) => {
        const model = new ReferenceModel(specimen)
        const rows = randomRows(random, 80)
        await insertRows(session, specimen, rows)
        model.write(rows.map((row) => ({ do: 'insert', entity: specimen.name, row })))
        for (let question = 0; question < 40; question++) {
          await compareQuery(session, model, randomQuery(random, capabilities.order === 'indexed'))
        }
      },
      indexedOrder,
    )

    define(`random batches leave what they leave in the model, round ${round}`, async ({ session, random }) => {
      const model = new ReferenceModel(specimen)
      for (let batch = 0; batch < 40; batch++) await compareBatch(session, model, randomBatch(random, model.rows()))
      const stored = await walkPages(session, specimen, queryOf(specimen))
      assertEqual(stored, model.rows(), 'all rows after the batches')
    })
  }
}

function randomQuery(random: SeededRandom, indexed: boolean): Query {
  const order = randomOrder(random, indexed)
  const where = random.chance(0.9) ? randomFilter(random) : undefined
  return queryOf(specimen, { where, order, limit: random.pick([1, 3, 10, 100]) })
}

/** Walks the whole list, and expects each page of the model in its turn. */
async function compareQuery(session: StorageSession, model: ReferenceModel, query: Query): Promise<void> {
  const walked = await walkPages(session, specimen, query)
  const expected = model.find({ ...query, limit: Number.POSITIVE_INFINITY })
  assertEqual(
    walked.map((row) => row.id),
    expected,
    `ids for the query ${show(query)}`,
  )
}

async function compareBatch(session: StorageSession, model: ReferenceModel, batch: readonly Write[]): Promise<void> {
  const expected = model.write(batch)
  const what = `the batch ${show(batch)}`
  if (!('failed' in expected)) {
    assertEqual(await session.write(batch), expected, `results of ${what}`)
    return
  }
  const failure = await failureOf(() => session.write(batch))
  const error = failure?.error
  const code = isCrmError(error) ? error.code : show(error)
  // Where two writes of a batch fail, either may be named; the code of the first is not owed then.
  const codes = failingCodes(model, batch)
  if (!codes.includes(code)) assertEqual(code, codes[0], `code of the error of ${what}`)
}

/** Codes of all writes of a batch that would fail alone. */
function failingCodes(model: ReferenceModel, batch: readonly Write[]): string[] {
  const before = model.rows()
  return batch.flatMap((write) => {
    const alone = new ReferenceModel(specimen)
    alone.write(before.map((row) => ({ do: 'insert', entity: specimen.name, row })))
    const outcome = alone.write([write])
    return 'failed' in outcome ? [outcome.failed] : []
  })
}
