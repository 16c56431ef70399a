/** A reason of a pair, as the matching gives it: a code, whether it speaks for the two being one, and by how many bits. */
export interface MatchReason {
  readonly what: string
  readonly effect: 'raises' | 'lowers'
  readonly evidence: { readonly field?: string; readonly bits?: number }
}

const fields: Readonly<Record<string, string>> = {
  name: 'Name',
  email: 'E-mail',
  phone: 'Phone',
  city: 'Town',
  birthDate: 'Date of birth',
}

const levels: Readonly<Record<string, string>> = {
  same: 'the same',
  variant: 'the same in another spelling',
  close: 'nearly the same',
  partly: 'partly the same',
  sameElsewhere: 'the same at another provider',
  sharedMailbox: 'a shared mailbox',
  sameYear: 'the same year',
  different: 'different',
}

/** A reason in words, such as `Phone: the same`. */
export function reasonWords({ what, evidence }: MatchReason): string {
  const level = what.split('.')[1] ?? what
  return `${fields[evidence.field ?? ''] ?? 'Together'}: ${levels[level] ?? level}`
}

/** How much a reason weighs, such as `+9.5`. */
export function weightWords({ bits = 0 }: MatchReason['evidence']): string {
  return `${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(1)}`
}
