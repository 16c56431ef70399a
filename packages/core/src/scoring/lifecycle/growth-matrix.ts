import { requireNumbers, requireRows } from '../number-column.js'

/** The four directions of growth (Ansoff 1957, Strategies for Diversification, Harvard Business Review 35(5)). */
export type GrowthStrategy = 'market_penetration' | 'market_development' | 'product_development' | 'diversification'

/** One row per sale, deal or plan. */
export interface GrowthColumns {
  /** Amount in one currency; refunds are negative. */
  value: Float64Array
  /** Whether the market (customer, segment, region) is new to the seller, and whether the product is. */
  newMarket: ArrayLike<boolean | number>
  newProduct: ArrayLike<boolean | number>
}

export interface GrowthCell {
  rows: number
  value: number
  /** Ratio of the value of all cells; undefined where that is not above 0. */
  share: number | undefined
}

export interface GrowthMatrix {
  strategy: GrowthStrategy[]
  cells: Record<GrowthStrategy, GrowthCell>
}

/**
 * Where growth comes from: known products to known markets (penetration), known products to new markets (market
 * development), new products to known markets (product development), new to new (diversification). Throws
 * ScoringInputError naming row and column.
 */
export function growthMatrix({ value, newMarket, newProduct }: GrowthColumns): GrowthMatrix {
  requireNumbers('value', value, value.length, 'value', -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  requireRows('newMarket', newMarket, value.length, 'value')
  requireRows('newProduct', newProduct, value.length, 'value')
  const cell = (): GrowthCell => ({ rows: 0, value: 0, share: undefined })
  const cells: GrowthMatrix['cells'] = {
    market_penetration: cell(),
    market_development: cell(),
    product_development: cell(),
    diversification: cell(),
  }
  let total = 0
  const strategy = Array.from(value, (amount, row): GrowthStrategy => {
    const chosen = newMarket[row]
      ? newProduct[row]
        ? 'diversification'
        : 'market_development'
      : newProduct[row]
        ? 'product_development'
        : 'market_penetration'
    cells[chosen].rows += 1
    cells[chosen].value += amount
    total += amount
    return chosen
  })
  if (total > 0) for (const one of Object.values(cells)) one.share = one.value / total
  return { strategy, cells }
}
