import { type RfmScores, type ValueTiers, valueTiers } from '../../scoring/index.js'

/** Tiers of value and the columns that they follow from. */
export interface TieredValue {
  readonly tiers: ValueTiers
  readonly columns: { readonly value: Float64Array; readonly growthPotential: Float64Array }
}

/** Puts customers into tiers by what they are worth and how far they could grow. */
export function tieredValue(value: Float64Array, rfm: RfmScores): TieredValue {
  const columns = { value, growthPotential: growthPotential(value, rfm) }
  return { tiers: valueTiers(columns), columns }
}

/** What is missing to the best customers of the same monetary score: the room a customer has to grow. */
function growthPotential(value: Float64Array, rfm: RfmScores): Float64Array {
  const best = new Float64Array(rfm.bins + 1)
  for (const [row, amount] of value.entries()) {
    const group = rfm.monetary[row] ?? 0
    best[group] = Math.max(best[group] ?? 0, amount)
  }
  return value.map((amount, row) => Math.max(0, (best[rfm.monetary[row] ?? 0] ?? 0) - amount))
}
