import { CrmError } from '@rapport/core'
import type { Answer } from './answer.js'
import { HttpRefusal } from './http-refusal.js'

/** Bounds of the memory of answers. */
export interface IdempotencyOptions {
  /** Most answers kept; the oldest go first. Default 10,000. */
  readonly maxAnswers?: number
  /** Most characters of answers kept. Default 16 Mi. */
  readonly maxCharacters?: number
}

/** Remembers answers, so that a repeated request changes nothing. */
export interface IdempotencyStore {
  /**
   * Runs `work` once per key. A repeated key gives the first answer back; a repeated key with another fingerprint is a
   * `conflict`. A duplicate that arrives during the first waits for it, and runs only when the first did not succeed.
   */
  once(key: string, fingerprint: string, work: () => Promise<Answer>): Promise<Answer>
}

interface Entry {
  readonly fingerprint: string
  readonly answer: Promise<Answer>
  characters: number
}

/**
 * A store in memory: it lasts as long as the process and is not shared between processes. Only successes are kept; what
 * failed left nothing behind and may be tried again.
 */
export function createIdempotencyStore(options: IdempotencyOptions = {}): IdempotencyStore {
  const { maxAnswers = 10_000, maxCharacters = 16 * 1024 * 1024 } = options
  const entries = new Map<string, Entry>()
  let characters = 0

  function forget(key: string, entry: Entry): void {
    if (entries.get(key) !== entry) return
    entries.delete(key)
    characters -= entry.characters
  }

  function keep(key: string, entry: Entry, answer: Answer): void {
    entry.characters = key.length + (answer.body?.length ?? 0)
    characters += entry.characters
    for (const [oldKey, old] of entries) {
      if (entries.size <= maxAnswers && characters <= maxCharacters) return
      // Answers still being made hold no characters and are awaited by somebody.
      if (old.characters > 0) forget(oldKey, old)
    }
  }

  return {
    async once(key, fingerprint, work) {
      for (let known = entries.get(key); known !== undefined; known = entries.get(key)) {
        if (known.fingerprint !== fingerprint) {
          throw new CrmError('conflict', 'This idempotency key was used for another request', {
            field: 'idempotency-key',
            reason: 'idempotency',
            remedy: 'use a new key for a new request',
          })
        }
        const first = await known.answer.catch(() => undefined)
        if (first !== undefined) return { ...first, headers: { ...first.headers, 'idempotent-replayed': 'true' } }
        forget(key, known)
      }
      const entry: Entry = { fingerprint, answer: work(), characters: 0 }
      entries.set(key, entry)
      try {
        const answer = await entry.answer
        keep(key, entry, answer)
        return answer
      } catch (error) {
        forget(key, entry)
        throw error
      }
    },
  }
}

/** The caller's key: 1 to 255 visible ASCII characters. Throws `malformed_request` for any other. */
export function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.headers.get('idempotency-key')
  if (key === null) return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new HttpRefusal('malformed_request', 'The idempotency key has a form that is not accepted', {
      field: 'idempotency-key',
      remedy: 'send 1 to 255 visible ASCII characters, for instance a UUID',
    })
  }
  return key
}

/** SHA-256 of a body, so that the body itself is not kept. */
export async function fingerprintOf(mediaType: string, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  return `${mediaType} ${btoa(String.fromCharCode(...digest))}`
}
