export type { ConsentClient, SuppressionClient } from './consent-client.js'
export {
  type ContactSubject,
  createRapportClient,
  type Me,
  type RapportClient,
  type TicketClient,
} from './create-rapport-client.js'
export type { DuplicateClient, MergeClient } from './duplicate-client.js'
export type { ClientImportOptions, ClientSource, ImportClient } from './import-client.js'
export type { PrivacyClient } from './privacy-client.js'
export { isRapportHttpError, RapportHttpError, type RapportHttpErrorFacts } from './rapport-http-error.js'
export type { ClientChangeOptions, ClientPageQuery, ClientQuery, ReadClient, RecordClient } from './record-client.js'
export type { GetToken } from './token-source.js'
export type { ClientCallOptions, ClientWriteOptions, TransportOptions } from './transport.js'
