import {
  companyEntity,
  contactEntity,
  type Email,
  type ExternalRef,
  normaliseEmail,
  planCompanyCreate,
  planCompanyRemoval,
  planCompanyUpdate,
  planContactCreate,
  planContactRemoval,
  planContactUpdate,
  resolveExternalRefs,
} from './customers/index.js'
import {
  fieldKey,
  type ImportTarget,
  type KeyOwners,
  type MatchKey,
  type RowInput,
} from './data-quality/import/index.js'
import type { SessionContext } from './entity/session-context.js'
import { invalidField } from './kernel/crm-error.js'
import {
  contactsRolledUp,
  orderEntity,
  planOrderCreate,
  planOrderRemoval,
  planOrderUpdate,
  settleRollUp,
} from './sales/index.js'

const idsPerRead = 1_000

/** What files can be imported into: the domains plan, the import adds up. */
export function importTargets(): ReadonlyMap<string, ImportTarget> {
  return new Map([contacts, companies, orders].map((target) => [target.entity.name, target]))
}

const contactRefs = externalRefKey('contact')
const companyRefs = externalRefKey('company')
const orderRefs = externalRefKey('order')

const contacts: ImportTarget = {
  entity: contactEntity,
  planNew: (context, input) => planContactCreate(context, input),
  planChange: (context, before, patch) => planContactUpdate(context, before, patch),
  planRemoval: async (_context, row) => planContactRemoval('delete', row),
  aliases: {
    email: 'emails',
    phone: 'phones',
    address: 'addresses',
    externalRef: 'externalRefs',
    company: 'primaryCompanyId',
  },
  matchKeys: {
    email: {
      field: 'emails',
      keyOf: (input) => emailKeys(input)[0],
      find: findEmailOwners,
    },
    externalRef: contactRefs,
  },
  unique: [
    { field: 'emails', keysOf: emailKeys, find: findEmailOwners },
    { field: 'externalRefs', keysOf: externalRefKeys, find: contactRefs.find },
  ],
}

const companies: ImportTarget = {
  entity: companyEntity,
  planNew: (context, input) => planCompanyCreate(context, input as never),
  planChange: (context, before, patch) => planCompanyUpdate(context, before, patch),
  planRemoval: async (_context, row) => planCompanyRemoval('delete', row),
  aliases: { phone: 'phones', domain: 'domains', address: 'addresses', externalRef: 'externalRefs' },
  matchKeys: { externalRef: companyRefs, name: fieldKey('company', 'name') },
  unique: [{ field: 'externalRefs', keysOf: externalRefKeys, find: companyRefs.find }],
}

/** Orders go to the contact that a row names: `{ field: 'contact', by: 'email' }`. */
const orders: ImportTarget = {
  entity: orderEntity,
  async planNew(context, { externalRefs, ...input }) {
    const [externalRef, ...more] = (externalRefs ?? []) as readonly ExternalRef[]
    if (more.length > 0) throw invalidField('externalRefs', 'must be one: the number of the order in the shop')
    return planOrderCreate(context, { ...input, ...(externalRef && { externalRef }) } as never)
  },
  planChange: (context, before, patch) => planOrderUpdate(context, before, patch),
  planRemoval: (context, row) => planOrderRemoval(context, 'delete', row),
  async settle(context, changes) {
    for (const contactId of new Set(contactsRolledUp(changes))) await settleRollUp(context, contactId)
  },
  aliases: { contact: 'contactId', company: 'companyId', externalRef: 'externalRefs' },
  matchKeys: { externalRef: orderRefs },
  unique: [{ field: 'externalRefs', keysOf: externalRefKeys, find: orderRefs.find }],
}

/** Keys as the unique index of contact points has them. */
function emailKeys({ emails }: RowInput): string[] {
  return ((emails ?? []) as readonly Partial<Email>[]).flatMap(({ address }) =>
    typeof address === 'string' ? `email:${normaliseEmail(address)}` : [],
  )
}

async function findEmailOwners(context: SessionContext, keys: readonly string[]): Promise<KeyOwners> {
  const owners = new Map<string, string[]>()
  for (let start = 0; start < keys.length; start += idsPerRead) {
    const page = await context.storage.find({
      entity: 'contactPoint',
      where: { op: 'in', path: 'uniqueKey', values: keys.slice(start, start + idsPerRead) },
      order: ['id'],
      limit: idsPerRead,
    })
    for (const { uniqueKey, contactId } of page.rows) owners.set(uniqueKey as string, [contactId as string])
  }
  return owners
}

function externalRefKey(objectType: string): MatchKey {
  return {
    field: 'externalRefs',
    keyOf: (input) => externalRefKeys(input)[0],
    find: (context, keys) => findRefOwners(context, objectType, keys),
  }
}

function externalRefKeys({ externalRefs }: RowInput): string[] {
  return ((externalRefs ?? []) as readonly Partial<ExternalRef>[]).flatMap(({ system, externalId }) =>
    typeof system === 'string' && typeof externalId === 'string' ? JSON.stringify([system, externalId]) : [],
  )
}

async function findRefOwners(context: SessionContext, objectType: string, keys: readonly string[]): Promise<KeyOwners> {
  const refs = keys.map((key) => {
    const [system, externalId] = JSON.parse(key) as [string, string]
    return { system, externalId }
  })
  const ids = await resolveExternalRefs(context, objectType, refs)
  return new Map(ids.flatMap((id, index) => (id === undefined ? [] : [[keys[index] as string, [id]] as const])))
}
