import type { FieldKindName, matchRecords } from '../../matching/index.js'
import type { Path, Row } from '../../storage/row.js'
import type { VerifiedIdentity } from './verified-identity.js'

/** How records of a kind are matched. Made by the domain that owns them. */
export interface Matchable {
  /** What is compared, and how. */
  readonly fields: Readonly<Record<string, FieldKindName>>
  /** Where it is stored. */
  readonly paths: readonly Path[]
  /** What is compared, of one row. */
  read(row: Row): Readonly<Record<string, string | undefined>>
  /** What is known for sure of a row. */
  identity(row: Row): VerifiedIdentity
}

/** The kinds of record that can be matched, by name. */
export type MatchKinds = Readonly<Record<string, Matchable>>

/** The engine, loaded when it is first needed: with its tables of numbers and scripts it is larger than all the rest. */
export async function loadMatching(): Promise<{ readonly matchRecords: typeof matchRecords }> {
  return import('../../matching/index.js')
}
