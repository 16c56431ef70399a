import type { CrmSession, Erasure, ErasureOptions, Run } from '@rapport/core'
import { pathPart, type ReadClient, readClient } from './record-client.js'
import type { ClientCallOptions, ClientWriteOptions, Transport } from './transport.js'

type PersonalData = Awaited<ReturnType<CrmSession['privacy']['map']>>

/** Personal data of a tenant. */
export interface PrivacyClient {
  map(options?: ClientCallOptions): Promise<PersonalData>
  /** Everything about a contact, line by line of JSON, each without its line feed. */
  export(contactId: string, options?: ClientCallOptions): AsyncGenerator<string, void, undefined>
  erase(contactId: string, input: ErasureOptions, options?: ClientWriteOptions): Promise<Run>
  readonly erasures: ReadClient<Erasure>
}

/** Privacy through a transport. */
export function privacyClient(call: Transport): PrivacyClient {
  return {
    async map(rest) {
      return (await call<{ readonly items: PersonalData }>({ method: 'get', path: 'privacy/map', ...rest })).items
    },
    export: (contactId, rest) => call.lines({ method: 'get', path: `contacts/${pathPart(contactId)}/export`, ...rest }),
    erase: (contactId, body, rest) =>
      call({ method: 'post', path: `contacts/${pathPart(contactId)}/erase`, body, ...rest }),
    erasures: readClient(call, 'erasures'),
  }
}
