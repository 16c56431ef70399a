/**
 * One cause of a score. `what` is a stable code that the reader's language is looked up by, `effect` says which way it
 * moves the score, `evidence` holds the numbers to show, in the units of the data the score came from.
 */
export interface ScoreReason {
  what: string
  effect: 'raises' | 'lowers' | 'neutral'
  evidence: Readonly<Record<string, number | string>>
}
