import { type Email, normaliseEmail, normalisePhone, type Phone, withOnePrimary } from './contact-point.js'

type Entry = Readonly<Record<string, unknown>>

/** How e-mail addresses of records are told apart and joined. */
export const emailEntries = entriesBy((entry) => normaliseEmail(entry.address as string))

/** How phone numbers of records are told apart and joined. */
export const phoneEntries = {
  ...entriesBy((entry) => normalisePhone(entry.number as string)),
  /**
   * A national number among others, `020 7946 0018`, in the international form of one of them, `+44 20 7946 0018`: one that ends in it
   * without its trunk zero and is longer by no more than a country code of 1 to 3 digits (ITU-T E.164 §6.2.1). Two such numbers could
   * both be meant, and without a trunk zero it may lack an area code: then it stays as it is written. Of one person or company no more
   * need be known than that; for telling people apart it is too little.
   */
  among(entries: readonly Entry[]): (entry: Entry) => Entry {
    const international = new Map<string, unknown>()
    for (const { number } of entries) {
      const key = normalisePhone(number as string)
      if (key.startsWith('+') && !international.has(key)) international.set(key, number)
    }
    return (entry) => {
      const [, national] = /^0([1-9]\d{6,})$/.exec(normalisePhone(entry.number as string)) ?? []
      if (national === undefined) return entry
      const meant = [...international.keys()].filter(
        (key) => key.endsWith(national) && /^\+[1-9]\d{0,2}$/.test(key.slice(0, -national.length)),
      )
      return meant.length === 1 ? { ...entry, number: international.get(meant[0] as string) } : entry
    }
  },
}

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
