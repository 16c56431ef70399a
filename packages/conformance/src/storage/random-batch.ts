import type { Row, Write } from '@rapport/core/storage'
import type { SeededRandom } from '../seeded-random.js'
import { randomFields, trickyFractions, trickyInstants, trickyTexts } from './random-rows.js'
import { idAt, specimen, specimenRow } from './specimen.js'

const entity = specimen.name

/**
 * A batch of 1 to 5 writes over specimens with ids up to 40. Most would succeed on the given rows; now and then one cannot, so
 * that failures are compared too.
 */
export function randomBatch(random: SeededRandom, rows: readonly Row[]): Write[] {
  const positions = random.shuffle(Array.from({ length: 40 }, (_, index) => index + 1)).slice(0, random.integer(1, 5))
  const stored = new Map(rows.map((row) => [row.id, row]))
  return positions.map((position) => {
    const id = idAt(position)
    const row = stored.get(id)
    const unlucky = random.chance(0.03)
    return (row !== undefined) !== unlucky ? randomChange(random, id, row) : randomArrival(random, id)
  })
}

function randomArrival(random: SeededRandom, id: string): Write {
  if (random.chance(0.1)) return { do: 'check', entity, id, is: 'absent' }
  return { do: random.pick(['insert', 'upsert'] as const), entity, row: specimenRow(id, randomFields(random)) }
}

function randomChange(random: SeededRandom, id: string, row: Row | undefined): Write {
  const ifVersion = random.chance(0.3) ? { ifVersion: row?.version ?? 1 } : {}
  const kind = random.integer(1, 10)
  if (kind === 1) return { do: 'delete', entity, id, ...ifVersion }
  if (kind === 2) return { do: 'check', entity, id, is: random.pick(['present', row?.version ?? 1] as const) }
  if (kind === 3) return { do: 'upsert', entity, row: specimenRow(id, randomFields(random)) }
  if (kind <= 6) {
    return {
      do: 'patch',
      entity,
      id,
      add: { rank: random.integer(-2, 2) },
      max: { at: random.pick(trickyInstants), name: random.pick(trickyTexts) },
      min: { ratio: random.pick(trickyFractions) },
      ...ifVersion,
      ...(random.chance(0.3) && { touch: false as const }),
    }
  }
  const { stage, ...fields } = randomFields(random)
  const emptied = Object.fromEntries(
    ['name', 'tags', 'custom'].filter(() => random.chance(0.2)).map((path) => [path, null]),
  )
  return { do: 'patch', entity, id, set: { stage, ...fields, ...emptied }, ...ifVersion }
}
