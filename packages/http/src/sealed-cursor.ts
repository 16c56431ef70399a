import { invalidInput } from './http-refusal.js'

/** Seals the cursors of one list: what comes back opens only for the same tenant and the same list. */
export interface CursorSealer {
  /** An opaque text for the wire. */
  seal(cursor: string, scope: CursorScope): Promise<string>
  /** The cursor inside, or `validation_failed` when it was forged, damaged, or belongs to another tenant or list. */
  open(sealed: string, scope: CursorScope): Promise<string>
}

/** What a cursor is bound to. */
export interface CursorScope {
  readonly tenantId: string
  /** Name of the list, such as `contacts` or `contacts/timeline`. */
  readonly list: string
}

const ivBytes = 12
const maxSealedLength = 24_576

/**
 * Cursors hold the order values of a row, which can be personal data, and they steer a query. So they travel encrypted and
 * authenticated: AES-256-GCM with a nonce that is a MAC of scope and cursor. The same cursor seals to the same text, which
 * keeps entity tags of lists stable. Without a key one is made for this process: cursors then end with it, and several
 * processes behind one address need a common key of 32 random bytes. Throws `TypeError` for a key of another size.
 */
export function createCursorSealer(key: Uint8Array | undefined): CursorSealer {
  if (key !== undefined && !(key instanceof Uint8Array && key.byteLength === 32)) {
    throw new TypeError('cursorKey must be a Uint8Array of 32 random bytes')
  }
  const keys = deriveKeys(new Uint8Array(key ?? crypto.getRandomValues(new Uint8Array(32))))
  return {
    async seal(cursor, scope) {
      const { cipher, mac } = await keys
      const context = contextOf(scope)
      const plain = new TextEncoder().encode(cursor)
      const nonceInput = new Uint8Array([...context, 0, ...plain])
      const iv = new Uint8Array(await crypto.subtle.sign('HMAC', mac, nonceInput)).slice(0, ivBytes)
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: context }, cipher, plain)
      return toBase64Url(new Uint8Array([...iv, ...new Uint8Array(sealed)]))
    },
    async open(sealed, scope) {
      const bytes = sealed.length <= maxSealedLength ? fromBase64Url(sealed) : undefined
      if (bytes === undefined || bytes.byteLength <= ivBytes) throw badCursor()
      const { cipher } = await keys
      const settings = { name: 'AES-GCM', iv: bytes.slice(0, ivBytes), additionalData: contextOf(scope) }
      const plain = await crypto.subtle.decrypt(settings, cipher, bytes.slice(ivBytes)).catch(() => {
        throw badCursor()
      })
      return new TextDecoder().decode(plain)
    },
  }
}

/** One key never serves two algorithms: both are derived from the secret (HKDF, RFC 5869). */
async function deriveKeys(secret: Uint8Array<ArrayBuffer>): Promise<{ cipher: CryptoKey; mac: CryptoKey }> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const from = (purpose: string): HkdfParams => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: new TextEncoder().encode(`rapport cursor ${purpose}`),
  })
  const [cipher, mac] = await Promise.all([
    crypto.subtle.deriveKey(from('cipher'), base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
    crypto.subtle.deriveKey(from('nonce'), base, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']),
  ])
  return { cipher, mac }
}

function contextOf(scope: CursorScope): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify([scope.tenantId, scope.list]))
}

function badCursor(): Error {
  return invalidInput(
    'cursor',
    'use the cursor of the last page of this list as it was given, or start from the first page',
  )
}

function toBase64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
  } catch {
    return undefined
  }
}
