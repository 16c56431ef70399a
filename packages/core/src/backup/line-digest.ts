import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** Counts lines and hashes them as they pass. */
export class LineDigest {
  readonly #hash = sha256.create()
  lines = 0

  add(line: string): void {
    this.#hash.update(utf8ToBytes(`${line}\n`))
    this.lines++
  }

  /** SHA-256 of all lines added, each with its line end, in hex. Nothing can be added afterwards. */
  finish(): string {
    return bytesToHex(this.#hash.digest())
  }
}
