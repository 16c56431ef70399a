import type {
  Consent,
  ConsentAsked,
  ConsentDecision,
  ConsentProof,
  NewConsent,
  NewOptInRequest,
  OptInRequest,
  SuppressedValue,
  Suppression,
} from '@rapport/core'
import { createCall, type ReadClient, readClient } from './record-client.js'
import type { ClientCallOptions, ClientWriteOptions, Transport } from './transport.js'

type Question = ConsentAsked & { readonly contactId: string }

/** Consent of contacts. */
export interface ConsentClient extends ReadClient<Consent> {
  grant(input: NewConsent, options?: ClientWriteOptions): Promise<Consent>
  revoke(input: NewConsent, options?: ClientWriteOptions): Promise<Consent>
  deny(input: NewConsent, options?: ClientWriteOptions): Promise<Consent>
  /** For backends: the answer holds the token of the link, which only the person may see. Never repeated by itself. */
  requestOptIn(input: NewOptInRequest, options?: ClientCallOptions): Promise<OptInRequest>
  confirmOptIn(token: string, options?: ClientWriteOptions): Promise<Consent>
  decide(question: Question, options?: ClientCallOptions): Promise<ConsentDecision>
  prove(question: Question, options?: ClientCallOptions): Promise<ConsentProof>
}

/** Values that must not come back. */
export interface SuppressionClient extends ReadClient<Suppression> {
  add(value: SuppressedValue, reason: Suppression['reason'], options?: ClientWriteOptions): Promise<void>
  isSuppressed(value: SuppressedValue, options?: ClientCallOptions): Promise<boolean>
  lift(value: SuppressedValue, options?: ClientWriteOptions): Promise<boolean>
}

/** Consent through a transport. */
export function consentClient(call: Transport): ConsentClient {
  const ask = <Answer>(name: string, body: Question, rest?: ClientCallOptions): Promise<Answer> =>
    call({ method: 'post', path: `consents/${name}`, body, reads: true, ...rest })
  return {
    ...readClient(call, 'consents'),
    grant: createCall(call, 'consents'),
    revoke: createCall(call, 'consents/revoke'),
    deny: createCall(call, 'consents/deny'),
    requestOptIn: (input, rest) =>
      call({ method: 'post', path: 'consents/opt-in-requests', body: input, once: true, ...rest }),
    confirmOptIn: (token, rest) => call({ method: 'post', path: 'consents/confirm', body: { token }, ...rest }),
    decide: (question, rest) => ask('decide', question, rest),
    prove: (question, rest) => ask('prove', question, rest),
  }
}

/** Suppressions through a transport. */
export function suppressionClient(call: Transport): SuppressionClient {
  return {
    ...readClient(call, 'suppressions'),
    add: (value, reason, rest) => call({ method: 'post', path: 'suppressions', body: { ...value, reason }, ...rest }),
    async isSuppressed(value, rest) {
      const path = 'suppressions/check'
      const request = { method: 'post', path, body: value, reads: true, ...rest } as const
      return (await call<{ readonly suppressed: boolean }>(request)).suppressed
    },
    async lift(value, rest) {
      const request = { method: 'post', path: 'suppressions/lift', body: value, ...rest } as const
      return (await call<{ readonly lifted: boolean }>(request)).lifted
    },
  }
}
