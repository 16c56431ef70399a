/** What the seller knows of a lead. */
export type LeadAttribute = string | number | boolean | null | undefined

/** A test of one attribute: the first of these that is given counts. Text is compared without regard to case. */
export interface AttributeTest {
  attribute: string
  /** Whether there is a value: true matches any but null, undefined and ''; false matches only these. */
  present?: boolean
  oneOf?: readonly (string | number | boolean)[]
  /** A number within [atLeast, below). */
  atLeast?: number
  below?: number
}

/** Points for what a lead is: they stay until the attribute changes. */
export interface FitRule extends AttributeTest {
  /** Names the rule in reasons. */
  code: string
  /** Rules of a group share the limits in {@link LeadScoreModel.limits}. */
  group?: string
  /** Where the test holds; can be negative. */
  points: number
  /** Where it does not; default 0. */
  otherwise?: number
}

/** Points for what a lead does: each event counts, and fades. */
export interface EngagementRule {
  /** The code of the events that count. */
  code: string
  group?: string
  /** Per event at the moment it happens; can be negative. */
  points: number
  /** Days after which half of the points are left; default that of the model. */
  halfLifeDays?: number
}

/** A rule score as data, so that a host can store it, edit it and show it. */
export interface LeadScoreModel {
  fit: readonly FitRule[]
  engagement: readonly EngagementRule[]
  /** Least and most points that the rules of a group give together. */
  limits?: Readonly<Record<string, { least?: number; most?: number }>>
  /** Default half-life of engagement in days; without any, points do not fade. */
  halfLifeDays?: number
  /** Points from which a lead is graded A, B, … for fit and 1, 2, … for engagement; default 20 and 10 for both. */
  grades?: { fit: readonly number[]; engagement: readonly number[] }
}

export function matchesAttribute(test: AttributeTest, value: LeadAttribute): boolean {
  const known = value !== undefined && value !== null && value !== ''
  if (test.present !== undefined) return known === test.present
  if (test.oneOf) return known && test.oneOf.some((candidate) => foldCase(candidate) === foldCase(value))
  return typeof value === 'number' && value >= (test.atLeast ?? -Infinity) && value < (test.below ?? Infinity)
}

function foldCase(value: string | number | boolean): string | number | boolean {
  return typeof value === 'string' ? value.toLowerCase() : value
}

/** More would be no score, and could add up to infinity. */
const MOST_POINTS = 1e9

/** Throws TypeError naming the rule that says nothing or counts without bounds. */
export function checkLeadScoreModel({ fit, engagement, limits = {}, halfLifeDays, grades }: LeadScoreModel): void {
  const refuse = (what: string): never => {
    throw new TypeError(`Lead score model: ${what}`)
  }
  for (const { code, points, otherwise = 0, present, oneOf, atLeast, below } of fit) {
    if (!(Math.abs(points) <= MOST_POINTS && Math.abs(otherwise) <= MOST_POINTS))
      refuse(`rule ${code} needs finite points`)
    if ((present ?? oneOf ?? atLeast ?? below) === undefined) refuse(`rule ${code} tests nothing`)
  }
  for (const { code, points, halfLifeDays: own = halfLifeDays ?? 1 } of engagement) {
    if (!(Math.abs(points) <= MOST_POINTS)) refuse(`rule ${code} needs finite points`)
    if (!(own > 0)) refuse(`the half-life of ${code} must be above 0 days`)
  }
  for (const [group, { least = -Infinity, most = Infinity }] of Object.entries(limits)) {
    if (!(least <= most)) refuse(`the limits of ${group} leave no number of points`)
  }
  for (const cuts of grades ? [grades.fit, grades.engagement] : []) {
    if (!cuts.every((cut, i) => Number.isFinite(cut) && (i === 0 || cut < cuts[i - 1]!)) || cuts.length > 25) {
      refuse('grades must be finite numbers in falling order, 25 at most')
    }
  }
}
