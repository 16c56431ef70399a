/** A key of a person, told from those it had before it was destroyed. */
export interface KeyRef {
  readonly keyId: string
  readonly generation: number
}

/** An encrypted value as it is stored: which key it takes, and the ciphertext. */
export interface SealedText extends KeyRef {
  readonly ciphertext: string
}

const form = /^rapport-sealed:1:([^:]+):(\d+):([A-Za-z0-9+/]+=*)$/

/** The text that is stored in place of a value. */
export function writeSealed({ keyId, generation, ciphertext }: SealedText): string {
  return `rapport-sealed:1:${keyId}:${generation}:${ciphertext}`
}

/** What a stored value says of its key; `undefined` for one that is not encrypted. */
export function readSealed(stored: unknown): SealedText | undefined {
  const [, keyId, generation, ciphertext] = (typeof stored === 'string' && form.exec(stored)) || []
  if (keyId === undefined || generation === undefined || ciphertext === undefined) return undefined
  return { keyId, generation: Number(generation), ciphertext }
}
