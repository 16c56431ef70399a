import type { Capabilities, FilterOp, StorageAdapter, StorageSession } from '@rapport/core/storage'
import { assert, assertEqual } from '../assertion.js'
import type { DefineSuite } from './conformance-case.js'
import { filterCases, filterRows } from './filter-cases.js'
import { insertLabelled } from './labelled-rows.js'
import { queryOf } from './reading.js'
import { indexedOrders, specimen } from './specimen.js'

/** Optional methods of a session, each with whether the capabilities promise it. */
const optionalMethods: readonly (readonly [keyof StorageSession, (capabilities: Capabilities) => boolean])[] = [
  ['aggregate', (capabilities) => capabilities.aggregate],
  ['search', (capabilities) => capabilities.search],
  ['load', (capabilities) => capabilities.load],
  ['transaction', (capabilities) => capabilities.transaction !== 'none'],
  ['changes', (capabilities) => capabilities.changes !== 'none'],
  ['watch', (capabilities) => capabilities.watch],
]

const operators: ReadonlySet<string> = new Set<FilterOp>([
  'and',
  'or',
  'not',
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'isNull',
  'prefix',
  'contains',
  'has',
  'hasAny',
])

/** An adapter does what it declares, and declares what it does. */
export const capabilitiesSuite: DefineSuite = (define) => {
  define('optional methods are there exactly when they are declared', async ({ adapter, session, capabilities }) => {
    for (const [method, isDeclared] of optionalMethods) {
      assertPresence(typeof session[method] === 'function', isDeclared(capabilities), `session.${method}`)
    }
    const hasSystem = typeof adapter.system === 'function'
    assertPresence(hasSystem, capabilities.system, 'adapter.system')
  })

  define('the declaration is complete and well-formed', async ({ adapter, capabilities }) => {
    assertWellFormed(adapter, capabilities)
  })

  define('work is left to core only where the capabilities say so', async ({ session, capabilities }) => {
    await insertLabelled(session, filterRows)
    for (const { filters } of filterCases) {
      for (const [where] of filters) {
        const page = await session.find(queryOf(specimen, { where }))
        if (capabilities.filter === 'all') {
          assert(
            page.residual === undefined,
            `find left a residual of ${JSON.stringify(where)}, though it filters by all`,
          )
        }
      }
    }
    for (const order of [...indexedOrders, ['-ratio', 'name'] as const]) {
      const page = await session.find(queryOf(specimen, { order }))
      if (capabilities.order === 'any') {
        assert(page.unordered !== true, `find did not sort by ${order.join(', ')}, though it serves any order`)
      }
    }
  })
}

function assertPresence(present: boolean, declared: boolean, what: string): void {
  assert(present || !declared, `${what} is declared, but it is not there`)
  assert(declared || !present, `${what} is there, but it is not declared`)
}

function assertWellFormed(adapter: StorageAdapter, capabilities: Capabilities): void {
  assert(typeof adapter.name === 'string' && adapter.name !== '', 'adapter.name must be a text')
  assertEqual(adapter.apiVersion, 1, 'adapter.apiVersion')
  assert(['auto', 'explicit'].includes(adapter.migrate), "adapter.migrate must be 'auto' or 'explicit'")
  const { filter, order, transaction, changes, maxBatch } = capabilities
  const known = filter === 'all' || filter.every((op) => operators.has(op))
  assert(known, "capabilities.filter must be 'all' or a list of operators")
  assert(['any', 'indexed', 'none'].includes(order), "capabilities.order must be 'any', 'indexed' or 'none'")
  const isolations = ['none', 'readCommitted', 'serializable']
  assert(isolations.includes(transaction), `capabilities.transaction must be one of ${isolations.join(', ')}`)
  for (const flag of ['unique', 'aggregate', 'search', 'load', 'watch', 'system', 'durable'] as const) {
    assertEqual(typeof capabilities[flag], 'boolean', `type of capabilities.${flag}`)
  }
  const lagMs = changes === 'none' ? 0 : changes.lagMs
  assert(Number.isFinite(lagMs) && lagMs >= 0, 'capabilities.changes.lagMs must be a number from 0')
  assert(Number.isSafeInteger(maxBatch) && maxBatch >= 1_000, 'capabilities.maxBatch must be at least 1,000')
}
