/** Where randomness comes from: ids, salts and keys. Injected, so that tests can repeat a run. */
export interface RandomSource {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer>
}

/** The platform's cryptographic generator: the only place in core that draws from it. */
export const systemRandom: RandomSource = {
  bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
}
