import type { NewRow, Write } from '@rapport/core/storage'
import { assert, failureOf } from '../assertion.js'
import type { CaseContext, DefineSuite, FreshTenant } from './conformance-case.js'
import { queryOf } from './reading.js'
import { aggregate, changes, counter, load, type Requirement, search, system, transaction } from './requirement.js'
import { idAt, specimen, specimenNote, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

const entity = specimen.name

/** Sizes that are compared. */
const [few, many] = [10, 1_000]

/** Most requests of one call, whatever its size: begin, check, a few statements by kind of write, the feed, commit. */
const mostRequests = 20

/** What the greater call may cost more: another way for many rows, such as a table of its own in a transaction of its own. */
const slack = 5

type Call = (tenant: FreshTenant, size: number, context: CaseContext) => Promise<unknown>

interface Costed {
  readonly title: string
  readonly call: Call
  readonly requirements?: readonly Requirement[]
}

const rowsTo = (size: number): NewRow[] =>
  Array.from({ length: size }, (_, index) =>
    specimenRow(idAt(index + 1), { score: index, rank: index % 7, terms: ['ada', `t${index % 5}`] }),
  )

const idsTo = (size: number): string[] => Array.from({ length: size }, (_, index) => idAt(index + 1))

/** Calls that read; they share rows that are inserted once. */
const reads: readonly Costed[] = [
  { title: 'getMany of 1,000 rows', call: ({ session }, size) => session.getMany(entity, idsTo(size)) },
  {
    title: 'a page of 1,000 rows',
    call: ({ session }, limit) => session.find(queryOf(specimen, { order: ['score'], limit })),
  },
  {
    title: 'a descending page of 1,000 rows',
    call: ({ session }, limit) => session.find(queryOf(specimen, { order: ['-score'], limit })),
  },
  {
    title: 'a page behind 900 rows',
    call: ({ session }, size) => {
      const place = Math.floor(size * 0.9)
      const query = queryOf(specimen, { order: ['score'], limit: 5 })
      return session.find({ ...query, after: [place - 1, idAt(place)] })
    },
  },
  {
    title: 'an aggregate over 1,000 rows',
    call: ({ session }) =>
      session.aggregate!({
        entity,
        by: ['rank'],
        compute: { rows: { fn: 'count' }, total: { fn: 'sum', path: 'score' } },
      }),
    requirements: [aggregate],
  },
  {
    title: 'a search among 1,000 rows',
    call: ({ session }, limit) => session.search!({ entity, path: 'terms', terms: ['ada', 't1'], atLeast: 1, limit }),
    requirements: [search],
  },
  {
    title: 'a page of 1,000 changes',
    call: ({ session }, limit) => session.changes!(undefined, limit),
    requirements: [changes],
  },
  {
    title: 'a read across tenants',
    call: (_, limit, { adapter }) => adapter.system!().find(queryOf(specimen, { order: ['score'], limit })),
    requirements: [system],
  },
]

const written =
  (batchOf: (size: number) => Write[]): Call =>
  ({ session }, size) =>
    session.write(batchOf(size))

/** Calls that write; each finds a tenant with as many rows as its size. */
const writes: readonly Costed[] = [
  {
    title: 'a batch of 1,000 inserts',
    call: written((size) =>
      idsTo(size).map((id) => ({ do: 'insert', entity: specimenNote.name, row: { id, specimenId: id } })),
    ),
  },
  {
    title: 'a batch of 1,000 upserts',
    call: written((size) => rowsTo(size).map((row) => ({ do: 'upsert', entity, row }))),
  },
  {
    title: 'a batch of 1,000 versioned patches',
    call: written((size) =>
      idsTo(size).map((id) => ({ do: 'patch', entity, id, set: { name: id }, add: { rank: 1 }, ifVersion: 1 })),
    ),
  },
  {
    title: 'a batch of 1,000 deletes and checks',
    call: written((size) =>
      idsTo(size).map((id, index) =>
        index % 2 ? { do: 'delete', entity, id } : { do: 'check', entity, id, is: 'present' },
      ),
    ),
  },
  {
    title: 'a batch of 1,000 that fails at its last write',
    call: ({ session }, size) => {
      const patches = idsTo(size - 1).map((id): Write => ({ do: 'patch', entity, id, set: { score: 0 } }))
      return failureOf(() =>
        session.write([...patches, { do: 'patch', entity, id: idAt(size), ifVersion: 9, set: {} }]),
      )
    },
  },
  {
    title: 'a batch of load with 1,000 rows',
    call: ({ session }, size) => session.load!(entity, [rowsTo(size)], { onExisting: 'replace' }),
    requirements: [load],
  },
  {
    title: 'a transaction that reads and writes 1,000 rows',
    call: ({ session }, size) =>
      session.transaction!(async (inner) => {
        const rows = await inner.getMany(entity, idsTo(size))
        await inner.write(
          rows.map((row, index) => ({ do: 'patch', entity, id: idAt(index + 1), set: { rank: row?.version } })),
        )
      }),
    requirements: [transaction],
  },
]

/** How many requests a call takes. */
async function costOf(context: CaseContext, call: () => Promise<unknown>): Promise<number> {
  const { counter: count } = context.ports
  const before = count!()
  await call()
  return count!() - before
}

/** Fails unless a call on many rows takes no more requests than one on few, and few of them at all. */
async function expectBoundedCost(
  context: CaseContext,
  call: Call,
  tenantOf: (size: number) => Promise<FreshTenant>,
): Promise<void> {
  const tenants = { warm: await tenantOf(few), few: await tenantOf(few), many: await tenantOf(many) }
  await call(tenants.warm, few, context)
  const small = await costOf(context, () => call(tenants.few, few, context))
  const great = await costOf(context, () => call(tenants.many, many, context))
  assert(
    great <= small + slack,
    `it takes ${small} requests for ${few} rows and ${great} for ${many}: it must not grow`,
  )
  assert(great <= mostRequests, `it takes ${great} requests, where ${mostRequests} are the most`)
}

/** Requests to the backend: as many for a thousand rows as for ten. */
export const costsSuite: DefineSuite = (define) => {
  const filled = async ({ newTenant }: CaseContext, size: number): Promise<FreshTenant> => {
    const tenant = newTenant()
    await insertRows(tenant.session, specimen, rowsTo(size))
    return tenant
  }
  const shared = new Map<number, Promise<FreshTenant>>()
  const sharedTenant = (context: CaseContext, size: number): Promise<FreshTenant> => {
    const tenant = shared.get(size) ?? filled(context, size)
    shared.set(size, tenant)
    return tenant
  }

  define(
    'the counter counts: a write is a request',
    async (context) => {
      const cost = await costOf(context, () => insertRows(context.session, specimen, rowsTo(1)))
      assert(cost >= 1, `the counter rose by ${cost} during a write: does it count the requests of this adapter?`)
    },
    counter,
  )
  for (const { title, call, requirements = [] } of reads) {
    const run = (context: CaseContext): Promise<void> =>
      expectBoundedCost(context, call, (size) => sharedTenant(context, size))
    define(`${title} takes no more requests than with ten`, run, counter, ...requirements)
  }
  for (const { title, call, requirements = [] } of writes) {
    const run = (context: CaseContext): Promise<void> =>
      expectBoundedCost(context, call, (size) => filled(context, size))
    define(`${title} takes no more requests than with ten`, run, counter, ...requirements)
  }
}
