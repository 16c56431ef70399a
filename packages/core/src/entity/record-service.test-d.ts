import { expectTypeOf } from 'vitest'
import type { Crm } from '../crm.js'
import type { CrmEvent } from '../crm-events.js'
import type { CrmSession } from '../crm-session.js'
import type { Contact, ContactPatch, NewContact } from '../customers/index.js'
import { type CrmError, type CrmErrorCode, isCrmError } from '../kernel/crm-error.js'
import type { Page } from '../kernel/page.js'
import type { Filter } from '../storage/filter.js'
import type { CustomValue } from './base-record.js'
import type { FindOptions } from './record-reader.js'
import type { NewOf, PatchOf } from './record-service.js'
import type { Note, noteEntity } from './session-context.fixture.js'
import type { Where } from './where.js'

type Contacts = CrmSession['contacts']

// What comes back is fully typed: no `unknown`, optional where it may be missing.
expectTypeOf<Contact['id']>().toEqualTypeOf<string>()
expectTypeOf<Contact['version']>().toEqualTypeOf<number>()
expectTypeOf<Contact['firstName']>().toEqualTypeOf<string | undefined>()
expectTypeOf<Contact['tags']>().toEqualTypeOf<string[]>()
expectTypeOf<Contact['custom']>().toEqualTypeOf<Record<string, CustomValue>>()
expectTypeOf<Contact['orderCount']>().toEqualTypeOf<number | undefined>()
expectTypeOf<Contact['lifecycleStage']>().extract<'customer'>().toEqualTypeOf<'customer'>()
expectTypeOf<Awaited<ReturnType<Contacts['create']>>>().toEqualTypeOf<Contact>()
expectTypeOf<Awaited<ReturnType<Contacts['find']>>>().toEqualTypeOf<Page<Contact>>()
expectTypeOf<Awaited<ReturnType<Contacts['getMany']>>>().toEqualTypeOf<(Contact | undefined)[]>()
expectTypeOf<ReturnType<Contacts['each']>>().toEqualTypeOf<AsyncGenerator<Contact>>()

// What goes in is typed as well: a number is no first name, an unknown or derived field is none.
expectTypeOf<NewContact['firstName']>().toEqualTypeOf<string | undefined>()
expectTypeOf({ firstName: 'Ada', emails: [{ address: 'ada@example.com' }] }).toExtend<NewContact>()
expectTypeOf({ firstName: 5 }).not.toExtend<NewContact>()
expectTypeOf({ emails: ['ada@example.com'] }).not.toExtend<NewContact>()
// @ts-expect-error derived fields are not set by callers
export const withDerived: NewContact = { orderCount: 5 }
// @ts-expect-error there is no such field
export const withUnknown: NewContact = { nickname: 'Ada' }

// Required on creation, with a default, optional.
expectTypeOf<{ title: string }>().toExtend<NewOf<typeof noteEntity>>()
expectTypeOf<{ body: string }>().not.toExtend<NewOf<typeof noteEntity>>()
expectTypeOf<Note['status']>().toEqualTypeOf<'draft' | 'done'>()
expectTypeOf<Note['price']>().toEqualTypeOf<{ amountMinor: number; currency: string } | undefined>()

// A patch clears with null only what is optional.
expectTypeOf<ContactPatch['firstName']>().toEqualTypeOf<string | null | undefined>()
expectTypeOf<PatchOf<typeof noteEntity>['body']>().toEqualTypeOf<string | null | undefined>()
expectTypeOf<PatchOf<typeof noteEntity>['ownerId']>().toEqualTypeOf<string | null | undefined>()
expectTypeOf<PatchOf<typeof noteEntity>['title']>().toEqualTypeOf<string | undefined>()
expectTypeOf<PatchOf<typeof noteEntity>['status']>().toEqualTypeOf<'draft' | 'done' | undefined>()
expectTypeOf<Parameters<Contacts['update']>[1]>().toEqualTypeOf<ContactPatch>()

// A filter is an object or a plain tree, of any depth.
expectTypeOf<Filter>().toExtend<Where>()
export const filters: readonly Where[] = [
  { 'scores.clv.probabilityAlive': { lt: 0.3 } },
  { lifecycleStage: 'customer', not: { tags: { hasAny: ['vip', 'press'] } } },
  { or: [{ firstName: { prefix: 'a', fold: true } }, { op: 'isNull', path: 'lastName' }] },
]
// @ts-expect-error an instant is written as text
export const withDate: FindOptions = { where: { createdAt: { gt: new Date(0) } } }
// @ts-expect-error the order is a list
export const withText: FindOptions = { orderBy: 'name' }

// Events are typed by their name.
declare const crm: Crm
export const stop = crm.on('contact.updated', (event) => {
  expectTypeOf(event.type).toEqualTypeOf<'contact.updated'>()
  expectTypeOf(event.data.fields).toEqualTypeOf<readonly string[]>()
})
expectTypeOf<CrmEvent<'ticket.opened'>['type']>().toEqualTypeOf<'ticket.opened'>()
// @ts-expect-error there is no such event
crm.on('contact.exploded', () => {})
expectTypeOf(crm.on).returns.toEqualTypeOf<() => void>()

// A caught value is narrowed by its guard.
declare const caught: unknown
if (isCrmError(caught, 'conflict')) {
  expectTypeOf(caught).toEqualTypeOf<CrmError>()
  expectTypeOf(caught.code).toEqualTypeOf<CrmErrorCode>()
  expectTypeOf(caught.details.actualVersion).toEqualTypeOf<number | undefined>()
}
