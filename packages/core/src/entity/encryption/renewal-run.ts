import type { RunKind } from '../run-service.js'

/** Wraps all keys anew under the host's newest key, and encrypts what was written before its field was encrypted. */
export const encryptionRenewalRun: RunKind = {
  kind: 'privacy.renewEncryption',
  async execute(context, _params, checkpoint) {
    // Loaded when it is wanted: few hosts encrypt, and they renew their keys once a year.
    const { renewEncryption } = await import('./renew-encryption.js')
    return { ...(await renewEncryption(context, checkpoint)) }
  },
}
