import { type Email, normaliseEmail, normalisePhone, type Phone, withOnePrimary } from './contact-point.js'

type Entry = Readonly<Record<string, unknown>>

/** How e-mail addresses of records are told apart and joined. */
export const emailEntries = entriesBy((entry) => normaliseEmail(entry.address as string))

/** How phone numbers of records are told apart and joined. */
export const phoneEntries = entriesBy((entry) => normalisePhone(entry.number as string))

/** Of two entries with the same key the first stays; an opt-out or a bounce of either counts, and so does the later proof. */
function entriesBy(key: (entry: Entry) => string) {
  return {
    key,
    join(kept: Entry, other: Entry): Entry {
      const verifiedAt = [kept.verifiedAt, other.verifiedAt]
        .filter((at) => typeof at === 'string')
        .sort()
        .at(-1)
      return {
        ...kept,
        optOut: kept.optOut === true || other.optOut === true,
        invalid: kept.invalid === true || other.invalid === true,
        ...(verifiedAt !== undefined && { verifiedAt }),
      }
    },
    finish: (entries: readonly Entry[]): readonly Entry[] =>
      withOnePrimary(entries as readonly (Email | Phone)[], (entry) => key(entry)),
  }
}
