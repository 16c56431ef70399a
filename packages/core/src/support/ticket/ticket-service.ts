import * as z from 'zod/mini'
import { planTimeline } from '../../engagement/index.js'
import { stampOf } from '../../entity/base-record.js'
import { nextNumber } from '../../entity/counter.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { longText, oneOf, text } from '../../entity/field.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import { check } from '../../entity/input.js'
import { type FindOptions, findRecords, readOne } from '../../entity/record-reader.js'
import {
  committed,
  createRecordReading,
  createRecordRemoval,
  planCreate,
  planUpdate,
  type RecordReading,
  type RecordRemoval,
  requireWritable,
  retryOnConflict,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField, validationError } from '../../kernel/crm-error.js'
import { instantOf, requireInstant } from '../../kernel/instant.js'
import type { Page } from '../../kernel/page.js'
import type { Row } from '../../storage/row.js'
import { conversationEntity, type Message, messageEntity } from '../conversation/conversation-entity.js'
import { cleanText } from '../conversation/message-text.js'
import { type NewTicket, type Ticket, type TicketPatch, ticketEntity } from './ticket-entity.js'
import {
  agentReplied,
  closed,
  customerReplied,
  openedState,
  reopened,
  resolved,
  snoozed,
  type TicketMove,
  type TicketState,
} from './ticket-rules.js'

/** Text of an answer and who may see it; visitors always write public messages. */
export interface Reply {
  readonly body: string
  /** `public` when left out. */
  readonly visibility?: 'public' | 'internal'
}

/** Requests for help and their conversations. */
export interface TicketService extends RecordReading<Ticket>, RecordRemoval<Ticket> {
  /** Opens a ticket with its conversation; `description` becomes the first message. */
  open(input: NewTicket): Promise<Ticket>
  update(id: string, patch: TicketPatch, options?: UpdateOptions): Promise<Ticket>
  /** Adds a message. A visitor's answer reopens a resolved ticket. */
  reply(id: string, reply: Reply): Promise<Message>
  /** Messages of a ticket, oldest first. */
  messages(id: string, options?: Pick<FindOptions, 'limit' | 'cursor'>): Promise<Page<Message>>
  /** Gives the ticket to a member, or to nobody with `null`. */
  assign(id: string, to: { readonly assigneeId: string | null }): Promise<Ticket>
  resolve(id: string): Promise<Ticket>
  close(id: string): Promise<Ticket>
  reopen(id: string): Promise<Ticket>
  /** Puts the ticket away until a moment. */
  snooze(id: string, options: { readonly until: string }): Promise<Ticket>
}

const replySchema = z.strictObject({
  body: longText({ minLength: 1, maxLength: 50_000 }),
  visibility: z._default(oneOf(['public', 'internal']), 'public'),
})

const patchable = ['subject', 'description', 'priority', 'type', 'companyId', 'ownerId', 'teamIds', 'tags', 'custom']

/** Tickets of a session. */
export function createTicketService(context: SessionContext): TicketService {
  const reading = createRecordReading(context, ticketEntity)
  const now = (): string => instantOf(context.clock.now())

  const move = (id: string, decide: (state: TicketState, at: string) => TicketMove): Promise<Ticket> =>
    retryOnConflict(async () => {
      const before = await readOne(context, ticketEntity, id)
      const { values, event } = decide(before as unknown as TicketState, now())
      return committed(context, ticketEntity, id, [
        {
          kind: 'update',
          entity: 'ticket',
          before,
          values,
          events: [{ type: event, data: { contactId: before.contactId } }],
        },
      ])
    })

  return {
    ...reading,
    ...createRecordRemoval(context, ticketEntity),
    async open(input) {
      await requireWritable(context, ticketEntity, 'create', input)
      const at = now()
      const id = context.newId()
      const conversationId = context.newId()
      const contactId = input.contactId ?? (context.actor.type === 'contact' ? context.actor.id : undefined)
      if (contactId === undefined) throw invalidField('contactId', 'must be the id of the contact who asks')
      refuseUnknown(input)
      const fields = {
        ...input,
        subject: cleanText(input.subject),
        ...(input.description !== undefined && { description: cleanText(input.description) }),
      }
      const fixed = { ...openedState(at), contactId, conversationId, number: 1 }
      const { values: draft } = await planCreate(context, ticketEntity, fields, { id, fixed })
      const values = { ...draft, number: await nextNumber(context, 'ticket') }
      const conversation: EntityChange = {
        kind: 'create',
        entity: 'conversation',
        id: conversationId,
        values: { ticketId: id, contactId, channel: draft.channel },
        implied: true,
      }
      const description = draft.description as string | undefined
      const opening =
        description === undefined || description === ''
          ? []
          : [
              ...planMessage(
                context,
                { id, contactId, conversationId },
                { body: description, visibility: 'public' },
                at,
                true,
              ),
            ]
      return committed(context, ticketEntity, id, [
        {
          kind: 'create',
          entity: 'ticket',
          id,
          values,
          events: [{ type: 'ticket.opened', data: { contactId, number: values.number } }],
        },
        conversation,
        happened('contact', contactId, at),
        ...(typeof draft.companyId === 'string' ? [happened('company', draft.companyId, at)] : []),
        ...opening,
        ...planTimeline([{ type: 'contact', id: contactId }], {
          at,
          recordType: 'ticket',
          recordId: id,
          title: draft.subject as string,
          visibility: 'customer',
        }),
      ])
    },
    update: (id, patch, options) =>
      retryOnConflict(async () => {
        const foreign = Object.keys(patch ?? {}).filter((field) => !patchable.includes(field))
        if (foreign.length > 0) {
          throw validationError(
            foreign.map((path) => ({ path, message: 'is not changed here; use the actions of the ticket' })),
            { entity: 'ticket' },
          )
        }
        const change = await planUpdate(context, ticketEntity, id, patch, options)
        return committed(context, ticketEntity, id, [change, ...companyExists(change.values.companyId)])
      }),
    reply: (id, reply) =>
      retryOnConflict(async () => {
        const before = await readOne(context, ticketEntity, id)
        const { body, visibility } = check(messageEntity, replySchema, { ...reply, body: cleanText(reply?.body) })
        const byCustomer = context.actor.type === 'contact'
        if (byCustomer && visibility === 'internal') throw invalidField('visibility', 'must be public')
        const at = now()
        const ticket = { id, contactId: before.contactId as string, conversationId: before.conversationId as string }
        const changes = planMessage(context, ticket, { body, visibility }, at, byCustomer)
        if (visibility === 'public') {
          const { values, event } = (byCustomer ? customerReplied : agentReplied)(before as unknown as TicketState, at)
          changes.push({
            kind: 'update',
            entity: 'ticket',
            before,
            values,
            events: [{ type: event, data: { contactId: ticket.contactId } }],
            implied: true,
          })
        } else changes.push({ kind: 'require', entity: 'ticket', id, is: before.version })
        const message = changes.find((change) => change.entity === 'message') as Extract<
          EntityChange,
          { kind: 'create' }
        >
        return committed(context, messageEntity, message.id, [
          { ...message, implied: false },
          ...changes.filter((change) => change !== message),
        ])
      }),
    async messages(id, options = {}) {
      await readOne(context, ticketEntity, id)
      return findRecords<Message>(context, messageEntity, { where: { ticketId: id }, orderBy: ['at'], ...options })
    },
    assign: (id, to) =>
      move(id, () => {
        const assigneeId = to?.assigneeId
        if (assigneeId !== null)
          check(ticketEntity, z.object({ assigneeId: text({ minLength: 1, maxLength: 64 }) }), { assigneeId })
        return { values: { assigneeId }, event: 'ticket.assigned' }
      }),
    resolve: (id) => move(id, resolved),
    close: (id) => move(id, closed),
    reopen: (id) => move(id, reopened),
    async snooze(id, options) {
      const until = requireInstant(options?.until, 'until')
      return move(id, (state, at) => snoozed(state, at, until))
    },
  }
}

/** Who asks, and the company it is for, remember when something last happened. */
function happened(entity: 'contact' | 'company', id: string, at: string): EntityChange {
  return { kind: 'derive', entity, id, namedBy: `${entity}Id`, max: { lastActivityAt: at } }
}

function companyExists(companyId: unknown): EntityChange[] {
  return typeof companyId === 'string'
    ? [{ kind: 'require', entity: 'company', id: companyId, namedBy: 'companyId', is: 'present' }]
    : []
}

/** A message and what follows for its conversation. */
function planMessage(
  context: SessionContext,
  ticket: Pick<Row, 'id'> & { readonly contactId: string; readonly conversationId: string },
  reply: Required<Reply>,
  at: string,
  byCustomer: boolean,
): EntityChange[] {
  const direction = reply.visibility === 'internal' ? 'internal' : byCustomer ? 'inbound' : 'outbound'
  return [
    {
      kind: 'create',
      entity: 'message',
      id: context.newId(),
      values: {
        conversationId: ticket.conversationId,
        ticketId: ticket.id,
        contactId: ticket.contactId,
        author: stampOf(context.actor),
        direction,
        visibility: reply.visibility,
        body: reply.body,
        at,
      },
      implied: true,
    },
    { kind: 'derive', entity: conversationEntity.name, id: ticket.conversationId, max: { lastMessageAt: at } },
  ]
}

const openable = [
  'subject',
  'description',
  'priority',
  'type',
  'channel',
  'contactId',
  'companyId',
  'assigneeId',
  'ownerId',
  'teamIds',
  'tags',
  'custom',
]

function refuseUnknown(input: NewTicket): void {
  const unknown = Object.keys(input).filter((field) => !openable.includes(field))
  if (unknown.length > 0) {
    throw validationError(
      unknown.map((path) => ({ path, message: 'is not a field of a new ticket; remove it' })),
      { entity: 'ticket' },
    )
  }
}
