export type RfmSegment =
  | 'champions'
  | 'loyal'
  | 'potential_loyalist'
  | 'new'
  | 'promising'
  | 'need_attention'
  | 'about_to_sleep'
  | 'at_risk'
  | 'cannot_lose'
  | 'lost'

/** Rows: recency score 1 to 5 (5: bought most recently); columns: frequency score 1 to 5. */
const SEGMENTS: readonly (readonly RfmSegment[])[] = [
  ['lost', 'lost', 'at_risk', 'at_risk', 'cannot_lose'],
  ['lost', 'lost', 'at_risk', 'at_risk', 'cannot_lose'],
  ['about_to_sleep', 'about_to_sleep', 'need_attention', 'loyal', 'loyal'],
  ['promising', 'potential_loyalist', 'potential_loyalist', 'loyal', 'loyal'],
  ['new', 'potential_loyalist', 'potential_loyalist', 'champions', 'champions'],
]

/**
 * The named segment of a recency and a frequency score out of `bins`. The monetary score grades customers inside a
 * segment and does not move them between segments. Scores of other bins are stretched to five first.
 */
export function rfmSegment(recency: number, frequency: number, bins: number): RfmSegment {
  const segment = SEGMENTS[fifth(recency, bins)]?.[fifth(frequency, bins)]
  if (segment === undefined) throw new TypeError(`Scores must be whole numbers from 1 to ${bins}`)
  return segment
}

/** 0 to 4: the lowest score stays lowest, the highest highest. */
function fifth(score: number, bins: number): number {
  return Math.round(((score - 1) * 4) / (bins - 1))
}
