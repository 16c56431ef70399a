import { distance } from 'fastest-levenshtein'
import { foldText } from '../storage/fold-text.js'
import type { FieldKind, ReadValue } from './field-kind.js'
import { letterDifference, letterSet } from './letter-set.js'
import { textHash } from './text-hash.js'

interface EmailValue extends ReadValue {
  readonly local: string
  readonly domain: string
  /** A mailbox of a function, which colleagues share. */
  readonly isRole: boolean
  /** Of the loose key. */
  readonly letters: number
  /** Digits of the loose key. */
  readonly digits: string
}

/** Providers that deliver `a.b+c@` to `ab@` (dots) or `a+c@` to `a@` (plus). Others may give those to somebody else. */
const ignoresDots = new Set(['gmail.com', 'googlemail.com'])
const ignoresPlus = new Set([
  ...ignoresDots,
  'outlook.com',
  'hotmail.com',
  'live.com',
  'fastmail.com',
  'proton.me',
  'icloud.com',
])
const roleSketch = -1
const roles = new Set(
  (
    'admin administrator billing career careers contact contactus customerservice enquiries enquiry feedback finance hello help helpdesk hr ' +
    'info information invoice invoices jobs kefu mail marketing no-reply noreply office order orders postmaster press privacy sales service ' +
    'services shop support team webmaster'
  ).split(' '),
)

/**
 * The form of an e-mail address by which two of them are the same mailbox: width, case, and what the provider ignores are taken away.
 * A key for comparing only; never store it in place of the address. `undefined` where there is no `@` between two texts.
 */
export function emailKey(address: string): string | undefined {
  const folded = address
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/^mailto:/, '')
  const at = folded.lastIndexOf('@')
  if (at < 1 || at === folded.length - 1 || /\s/.test(folded)) return undefined
  const domain = folded.slice(at + 1).replace(/^googlemail\.com$/, 'gmail.com')
  let local = folded.slice(0, at)
  if (ignoresPlus.has(domain)) local = local.replace(/\+.*$/, '') || local
  if (ignoresDots.has(domain)) local = local.replaceAll('.', '') || local
  return `${local}@${domain}`
}

/** Levels of agreement of two addresses. */
export const emailKind: FieldKind<EmailValue> = {
  name: 'email',
  identifying: true,
  levels: [
    { name: 'same', m: 0.72, u: 0.0001, counts: 'key' },
    { name: 'sameElsewhere', m: 0.04, u: 0.0005, counts: 'looseKey' },
    { name: 'close', m: 0.1, u: 0.0002 },
    { name: 'sharedMailbox', m: 0.02, u: 0.001, counts: 'key' },
    { name: 'different', m: 0.12, u: 0.9986 },
  ],
  read(raw) {
    const key = emailKey(raw)
    if (key === undefined) return undefined
    const at = key.lastIndexOf('@')
    const local = foldText(key.slice(0, at))
    const domain = key.slice(at + 1)
    const bare = local.replace(/\+.*$/, '').replaceAll(/[._-]/g, '') || local
    const isRole = roles.has(local)
    return {
      key,
      looseKey: bare,
      local,
      domain,
      isRole,
      letters: letterSet(bare),
      digits: bare.replaceAll(/\D/g, ''),
    }
  },
  blocks: ({ key, looseKey, local, isRole }) => (local.length >= 6 && !isRole ? [key, `l:${looseKey}`] : [key]),
  coarse: ({ local, isRole }) => (isRole || local.length < 5 ? [] : [`s:${local.slice(0, 5)}`]),
  // Folded letters below, seven bits of the digits above them.
  sketch: ({ isRole, letters, digits }) =>
    isRole ? roleSketch : ((letters ^ (letters >>> 24)) & 0xffffff) | ((textHash(digits, 0) & 0x7f) << 24),
  reach(left, right, sameLooseKey) {
    if (left === roleSketch || right === roleSketch) return 4
    if (sameLooseKey) return 1
    if (left >>> 24 !== right >>> 24) return 4
    return letterDifference(left & 0xffffff, right & 0xffffff) <= 4 ? 2 : 4
  },
  compare(left, right) {
    if (left.key === right.key) return left.isRole ? 3 : 0
    if (left.isRole || right.isRole) return 4
    if (left.looseKey === right.looseKey && left.looseKey.length >= 5) return 1
    // `ann.lee41` and `ann.lee47` are two people who found the plain name taken.
    if (left.digits !== right.digits) return 4
    const longer = Math.max(left.looseKey.length, right.looseKey.length)
    const allowed = longer >= 8 ? 2 : 1
    if (longer < 5 || letterDifference(left.letters, right.letters) > 2 * allowed) return 4
    return distance(left.looseKey, right.looseKey) <= allowed && distance(left.domain, right.domain) <= 1 ? 2 : 4
  },
}
