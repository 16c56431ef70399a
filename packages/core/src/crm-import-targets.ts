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

const idsPerRead = 1_000

/** What files can be imported into: the domains plan, the import adds up. */
export function importTargets(): ReadonlyMap<string, ImportTarget> {
  return new Map([contacts, companies].map((target) => [target.entity.name, target]))
}

const contacts: ImportTarget = {
  entity: contactEntity,
  planNew: (context, input) => planContactCreate(context, input),
  planChange: (context, before, patch) => planContactUpdate(context, before, patch),
  planRemoval: (row) => planContactRemoval('delete', row),
  aliases: { email: 'emails', phone: 'phones', address: 'addresses', externalRef: 'externalRefs' },
  matchKeys: {
    email: {
      field: 'emails',
      keyOf: (input) => emailKeys(input)[0],
      find: findEmailOwners,
    },
    externalRef: externalRefKey('contact'),
  },
  unique: [
    { field: 'emails', keysOf: emailKeys, find: findEmailOwners },
    {
      field: 'externalRefs',
      keysOf: externalRefKeys,
      find: (context, keys) => findRefOwners(context, 'contact', keys),
    },
  ],
}

const companies: ImportTarget = {
  entity: companyEntity,
  planNew: (context, input) => planCompanyCreate(context, input as never),
  planChange: (context, before, patch) => planCompanyUpdate(context, before, patch),
  planRemoval: (row) => planCompanyRemoval('delete', row),
  aliases: { phone: 'phones', domain: 'domains', address: 'addresses', externalRef: 'externalRefs' },
  matchKeys: { externalRef: externalRefKey('company'), name: fieldKey('company', 'name') },
  unique: [
    {
      field: 'externalRefs',
      keysOf: externalRefKeys,
      find: (context, keys) => findRefOwners(context, 'company', keys),
    },
  ],
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
