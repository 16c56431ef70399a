/** Where randomness comes from: ids, salts and keys. Injected, so that tests can repeat a run. */
export interface RandomSource {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer>
}

const poolSize = 4_096
let pool = new Uint8Array(0)
let used = 0

/**
 * The platform's cryptographic generator: the only place in core that draws from it. A call of the platform costs more than the
 * bytes, so it draws a few kilobytes at a time and gives each byte away once.
 */
export const systemRandom: RandomSource = {
  bytes(length) {
    if (length > poolSize) return globalThis.crypto.getRandomValues(new Uint8Array(length))
    if (used + length > pool.length) {
      pool = globalThis.crypto.getRandomValues(new Uint8Array(poolSize))
      used = 0
    }
    const given = pool.slice(used, used + length)
    pool.fill(0, used, used + length)
    used += length
    return given
  },
}
