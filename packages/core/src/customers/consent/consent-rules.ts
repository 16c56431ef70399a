import type { Consent } from './consent-entity.js'

/** The parts of a statement that decide whether consent is there. */
export type ConsentStatement = Pick<Consent, 'purpose' | 'channel' | 'status' | 'capturedAt' | 'validFrom' | 'validTo'>

/**
 * Whether consent for a purpose and channel holds at a moment. The newest statement captured by then counts; at the same
 * moment a refusal outweighs a grant. No statement means no.
 */
export function isConsentGranted(
  statements: readonly ConsentStatement[],
  purpose: string,
  channel: string,
  at: string,
): boolean {
  const relevant = statements.filter(
    (statement) => statement.purpose === purpose && statement.channel === channel && statement.capturedAt <= at,
  )
  const newest = relevant.reduce<string>((latest, { capturedAt }) => (capturedAt > latest ? capturedAt : latest), '')
  const deciding = relevant.filter(({ capturedAt }) => capturedAt === newest)
  return (
    deciding.length > 0 &&
    deciding.every(
      ({ status, validFrom, validTo }) =>
        status === 'granted' && (validFrom === undefined || validFrom <= at) && (validTo === undefined || at < validTo),
    )
  )
}
