import type { SchemaPlan } from '@rapport/core/storage'
import { assert, assertEqual, assertFails } from '../assertion.js'
import type { DefineSuite } from './conformance-case.js'
import { matchingIds, queryOf, walkPages } from './reading.js'
import { indexedOrder, unique } from './requirement.js'
import { growingAtFirst, growingLater, grownSpecimenDefs, idAt } from './specimen.js'
import { insertRows } from './writing.js'

/** Planning and applying a schema. Its cases build on each other: the last ones leave the entity grown. */
export const schemaSuite: DefineSuite = (define) => {
  const entity = growingLater.name
  const grow = async ({ adapter }: Parameters<Parameters<typeof define>[1]>[0]): Promise<void> => {
    await adapter.apply(await adapter.plan(grownSpecimenDefs))
  }

  define('an entity that no plan named is refused with validation_failed', async ({ session }) => {
    const row = { id: idAt(1), stage: 'open' }
    const details = { entity: 'undeclared' }
    await assertFails(
      () => session.find({ entity: 'undeclared', order: ['id'], limit: 1 }),
      'validation_failed',
      details,
      'find',
    )
    await assertFails(() => session.getMany('undeclared', [idAt(1)]), 'validation_failed', details, 'getMany')
    await assertFails(
      () => session.write([{ do: 'insert', entity: 'undeclared', row }]),
      'validation_failed',
      details,
      'write',
    )
  })

  define(
    'a later release is planned in readable steps; applied twice at once and once again, it keeps the rows and works',
    async (context) => {
      const { adapter, newTenant } = context
      const { tenantId, session } = newTenant()
      const old = [1, 2, 3].map((n) => ({ id: idAt(n), title: `title ${n}`, amount: n }))
      await insertRows(session, growingAtFirst, old)
      const plan = await adapter.plan(grownSpecimenDefs)
      assertReadable(plan)
      await Promise.all([adapter.apply(plan), adapter.apply(plan)])
      await adapter.apply(plan)

      const grown = adapter.session({ tenantId })
      const kept = await walkPages(grown, growingLater, queryOf(growingLater))
      assertEqual(
        kept,
        old.map((row) => ({ ...row, version: 1 })),
        'rows stored before',
      )
      await grown.write([
        { do: 'patch', entity, id: idAt(1), set: { channel: 'mail', labels: ['a', 'b'] } },
        { do: 'insert', entity, row: { id: idAt(4), title: 'new', channel: 'shop', amount: 9 } },
      ])
      assertEqual(
        await matchingIds(grown, growingLater, { op: 'isNull', path: 'channel' }),
        [idAt(2), idAt(3)],
        'rows without',
      )
      assertEqual(
        await matchingIds(grown, growingLater, { op: 'has', path: 'labels', value: 'b' }),
        [idAt(1)],
        'rows with b',
      )
    },
  )

  define('a plan of what is there has no steps', async (context) => {
    await grow(context)
    assertEqual((await context.adapter.plan(grownSpecimenDefs)).steps, [], 'steps of a second plan')
    await grow(context)
    assertEqual((await context.adapter.plan(grownSpecimenDefs)).steps, [], 'steps of a third plan')
  })

  define(
    'an index added later serves its order',
    async (context) => {
      await grow(context)
      const session = context.adapter.session({ tenantId: context.tenantId })
      const rows = [
        { id: idAt(1), title: 'a', channel: 'x', amount: 1 },
        { id: idAt(2), title: 'b', amount: 2 },
        { id: idAt(3), title: 'c', amount: 3 },
        { id: idAt(4), title: 'd', channel: 'y', amount: 4 },
      ]
      await insertRows(session, growingLater, rows)
      const walked = await walkPages(
        session,
        growingLater,
        queryOf(growingLater, { order: ['channel', '-amount'], limit: 2 }),
      )
      assertEqual(
        walked.map((row) => row.title),
        ['a', 'd', 'c', 'b'],
        'titles in the new order',
      )
    },
    indexedOrder,
  )

  define(
    'a unique index added later holds',
    async (context) => {
      await grow(context)
      const session = context.adapter.session({ tenantId: context.tenantId })
      await insertRows(session, growingLater, [{ id: idAt(1), title: 'a', channel: 'x' }])
      const again = { do: 'insert', entity, row: { id: idAt(2), title: 'b', channel: 'x' } } as const
      const details = { reason: 'unique', index: 'unique_channel' }
      await assertFails(() => session.write([again]), 'conflict', details, 'a second row with the same channel')
    },
    unique,
  )
}

function assertReadable({ target, steps }: SchemaPlan): void {
  assertEqual(
    target.map((def) => def.name),
    grownSpecimenDefs.map((def) => def.name),
    'entities of the plan',
  )
  for (const step of steps) {
    assert(step.description.length > 0, `the step ${step.id} must say what it does`)
    assertEqual([typeof step.online, step.destructive], ['boolean', false], `online and destructive of ${step.id}`)
  }
  assertEqual(new Set(steps.map((step) => step.id)).size, steps.length, 'ids of the steps, all different')
}
