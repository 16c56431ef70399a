/** What is known for sure of a record, by kind of identifier: proven addresses and numbers, and its ids in other systems. */
export type VerifiedIdentity = Readonly<Record<string, readonly string[]>>

/**
 * The kinds of identifier in which two records are proven to be different: both have one, and none is the same. Two people who
 * share a device or a mailbox still have different ids, and must not be made one.
 */
export function conflictingIdentifiers(left: VerifiedIdentity, right: VerifiedIdentity): string[] {
  return Object.keys(left)
    .filter((kind) => {
      const [own, other] = [left[kind] ?? [], right[kind] ?? []]
      return own.length > 0 && other.length > 0 && !own.some((value) => other.includes(value))
    })
    .sort()
}

/** Whether two records may be merged without asking: they share a verified identifier, and no verified one speaks against it. */
export function isSameVerified(left: VerifiedIdentity, right: VerifiedIdentity): boolean {
  const shares = Object.entries(left).some(([kind, own]) => own.some((value) => right[kind]?.includes(value)))
  return shares && conflictingIdentifiers(left, right).length === 0
}
