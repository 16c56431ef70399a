import type {
  Activity,
  ActivityPatch,
  Actor,
  Association,
  Company,
  CompanyPatch,
  Contact,
  ContactPatch,
  CrmSession,
  MergeRecord,
  Message,
  NewActivity,
  NewAssociation,
  NewCompany,
  NewContact,
  NewOrder,
  NewTicket,
  Order,
  Page,
  RefreshOptions,
  Reply,
  Run,
  Score,
  ScoreModel,
  Ticket,
  TicketPatch,
  TimelineEntry,
  View360,
} from '@rapport/core'
import { type ConsentClient, consentClient, type SuppressionClient, suppressionClient } from './consent-client.js'
import { type DuplicateClient, duplicateClient, type MergeClient, mergeClient } from './duplicate-client.js'
import { type ImportClient, importClient } from './import-client.js'
import { type PrivacyClient, privacyClient } from './privacy-client.js'
import {
  type ClientPageQuery,
  createCall,
  pathPart,
  type ReadClient,
  type RecordClient,
  readClient,
  recordClient,
} from './record-client.js'
import {
  type ClientCallOptions,
  type ClientWriteOptions,
  createTransport,
  type Transport,
  type TransportOptions,
} from './transport.js'

/** Who the client acts as, as the server sees it. */
export interface Me {
  readonly tenantId: string
  readonly actor: Actor
  /** Level by entity and action, so that a user interface can hide what is not allowed. */
  readonly rights: Awaited<ReturnType<CrmSession['rights']>>
}

/** Whom a timeline or scores are about. */
export interface ContactSubject {
  readonly type: 'contact'
  readonly id: string
}

/** Tickets and what can be done with them. */
export interface TicketClient extends ReadClient<Ticket> {
  open(input: NewTicket, options?: ClientWriteOptions): Promise<Ticket>
  update: RecordClient<Ticket, NewTicket, TicketPatch>['update']
  messages(id: string, query?: ClientPageQuery, options?: ClientCallOptions): Promise<Page<Message>>
  reply(id: string, input: Reply, options?: ClientWriteOptions): Promise<Message>
  assign(id: string, input: { readonly assigneeId: string | null }, options?: ClientWriteOptions): Promise<Ticket>
  snooze(id: string, input: { readonly until: string }, options?: ClientWriteOptions): Promise<Ticket>
  resolve(id: string, options?: ClientWriteOptions): Promise<Ticket>
  reopen(id: string, options?: ClientWriteOptions): Promise<Ticket>
  close(id: string, options?: ClientWriteOptions): Promise<Ticket>
}

/** The CRM from afar: the names and shapes of a session, each call with `{ signal }` as its last argument. */
export interface RapportClient {
  readonly contacts: RecordClient<Contact, NewContact, ContactPatch> &
    MergeClient & {
      view360(id: string, options?: ClientCallOptions): Promise<View360>
    }
  readonly companies: RecordClient<Company, NewCompany, CompanyPatch> & MergeClient
  readonly merges: ReadClient<MergeRecord>
  readonly duplicates: DuplicateClient
  readonly imports: ImportClient
  readonly orders: ReadClient<Order> & { record(input: NewOrder, options?: ClientWriteOptions): Promise<Order> }
  readonly activities: Omit<RecordClient<Activity, NewActivity, ActivityPatch>, 'create'> & {
    log(input: NewActivity, options?: ClientWriteOptions): Promise<Activity>
  }
  readonly associations: ReadClient<Association> & {
    link(input: NewAssociation, options?: ClientWriteOptions): Promise<Association>
    unlink(id: string, options?: ClientCallOptions): Promise<void>
  }
  readonly consents: ConsentClient
  readonly suppressions: SuppressionClient
  readonly privacy: PrivacyClient
  readonly tickets: TicketClient
  readonly timeline: {
    of(subject: ContactSubject, query?: ClientPageQuery, options?: ClientCallOptions): Promise<Page<TimelineEntry>>
  }
  readonly scores: {
    of(subject: ContactSubject, options?: ClientCallOptions): Promise<readonly Score[]>
    refresh(models: readonly ScoreModel[], query: RefreshOptions, options?: ClientWriteOptions): Promise<Run>
  }
  readonly runs: ReadClient<Run> & { cancel(id: string, options?: ClientWriteOptions): Promise<Run> }
  me(options?: ClientCallOptions): Promise<Me>
}

/**
 * A client for browsers and servers. Throws `TypeError` without `baseUrl`; its calls throw `RapportHttpError`.
 *
 * One client speaks for one person: when the user changes, abort its calls by their signals and make another.
 */
export function createRapportClient(options: TransportOptions): RapportClient {
  if (typeof options?.baseUrl !== 'string' || options.baseUrl === '')
    throw new TypeError('createRapportClient needs baseUrl')
  const call = createTransport(options)
  const { create: log, ...activities } = recordClient<Activity, NewActivity, ActivityPatch>(call, 'activities')
  return {
    contacts: {
      ...recordClient(call, 'contacts'),
      ...mergeClient(call, 'contacts'),
      view360: (id, rest) => call({ method: 'get', path: `contacts/${pathPart(id)}/view360`, ...rest }),
    },
    companies: { ...recordClient(call, 'companies'), ...mergeClient(call, 'companies') },
    merges: readClient(call, 'merges'),
    duplicates: duplicateClient(call),
    imports: importClient(call),
    orders: { ...readClient(call, 'orders'), record: createCall(call, 'orders') },
    activities: { ...activities, log },
    associations: {
      ...readClient(call, 'associations'),
      link: createCall(call, 'associations'),
      unlink: (id, rest) => call({ method: 'delete', path: `associations/${pathPart(id)}`, ...rest }),
    },
    consents: consentClient(call),
    suppressions: suppressionClient(call),
    privacy: privacyClient(call),
    tickets: ticketClient(call),
    timeline: {
      of: ({ id }, query, rest) =>
        call({ method: 'get', path: `contacts/${pathPart(id)}/timeline`, parameters: { ...query }, ...rest }),
    },
    scores: {
      of: ({ id }, rest) => call({ method: 'get', path: `contacts/${pathPart(id)}/scores`, ...rest }),
      refresh: (models, query, rest) =>
        call({ method: 'post', path: 'scores/refresh', body: { models, ...query }, ...rest }),
    },
    runs: {
      ...readClient(call, 'runs'),
      cancel: (id, rest) => call({ method: 'post', path: `runs/${pathPart(id)}/cancel`, ...rest }),
    },
    me: (rest) => call({ method: 'get', path: 'me', ...rest }),
  }
}

function ticketClient(call: Transport): TicketClient {
  const { update } = recordClient<Ticket, NewTicket, TicketPatch>(call, 'tickets')
  const act = <T>(id: string, action: string, body: unknown, options?: ClientWriteOptions): Promise<T> =>
    call({ method: 'post', path: `tickets/${pathPart(id)}/${action}`, body, ...options })
  return {
    ...readClient(call, 'tickets'),
    open: createCall(call, 'tickets'),
    update,
    messages: (id, query, options) =>
      call({ method: 'get', path: `tickets/${pathPart(id)}/messages`, parameters: { ...query }, ...options }),
    reply: (id, input, options) => act(id, 'replies', input, options),
    assign: (id, input, options) => act(id, 'assign', input, options),
    snooze: (id, input, options) => act(id, 'snooze', input, options),
    resolve: (id, options) => act(id, 'resolve', {}, options),
    reopen: (id, options) => act(id, 'reopen', {}, options),
    close: (id, options) => act(id, 'close', {}, options),
  }
}
