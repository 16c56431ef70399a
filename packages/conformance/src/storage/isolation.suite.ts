import type { Row, StorageSession, Write } from '@rapport/core/storage'
import { assert, assertEqual, assertFails, failureOf } from '../assertion.js'
import type { DefineSuite } from './conformance-case.js'
import { randomBatch } from './random-batch.js'
import { randomFilter } from './random-query.js'
import { randomRows } from './random-rows.js'
import { assertRow, matchingIds, queryOf, readRow, walkPages } from './reading.js'
import { ReferenceModel } from './reference-model.js'
import { system } from './requirement.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

const entity = specimen.name

async function readAll(session: StorageSession): Promise<Row[]> {
  return walkPages(session, specimen, queryOf(specimen))
}

/** A tenant sees and changes its own rows, and nobody else's. */
export const isolationSuite: DefineSuite = (define, rounds) => {
  define('the same id is another record in another tenant', async ({ session, newTenant }) => {
    const other = newTenant().session
    await insertRows(session, specimen, [specimenRow(idAt(1), { name: 'ours' })])
    await insertRows(other, specimen, [specimenRow(idAt(1), { name: 'theirs' })])
    await session.write([{ do: 'patch', entity, id: idAt(1), set: { score: 1 } }])
    await assertRow(
      other,
      specimen,
      idAt(1),
      { version: 1, stage: 'open', name: 'theirs' },
      'their row after our patch',
    )
    await session.write([{ do: 'delete', entity, id: idAt(1) }])
    await assertRow(
      other,
      specimen,
      idAt(1),
      { version: 1, stage: 'open', name: 'theirs' },
      'their row after our delete',
    )
  })

  define('rows of another tenant are not found, and cannot be changed', async ({ session, newTenant }) => {
    const other = newTenant().session
    await insertRows(other, specimen, [specimenRow(idAt(1), { name: 'theirs', tags: ['vip'] })])
    assertEqual(await session.getMany(entity, [idAt(1)]), [undefined], 'getMany of their id')
    assertEqual(await matchingIds(session, specimen), [], 'find without a filter')
    const orTrue = {
      op: 'or',
      args: [
        { op: 'and', args: [] },
        { op: 'eq', path: 'id', value: idAt(1) },
      ],
    } as const
    assertEqual(await matchingIds(session, specimen, orTrue), [], 'find with a filter that is always true')
    assertEqual(await matchingIds(session, specimen, { op: 'has', path: 'tags', value: 'vip' }), [], 'find by a tag')
    const foreign: readonly Write[] = [
      { do: 'patch', entity, id: idAt(1), set: { name: 'stolen' } },
      { do: 'delete', entity, id: idAt(1) },
    ]
    for (const write of foreign)
      await assertFails(() => session.write([write]), 'not_found', {}, `${write.do} of their id`)
    await session.write([{ do: 'check', entity, id: idAt(1), is: 'absent' }])
    assertEqual((await readRow(other, specimen, idAt(1))).version, 1, 'version of their row')
  })

  define(
    'tenant ids that differ by case, space, signs or script are different tenants',
    async ({ adapter, newTenant }) => {
      const suffixes = ['', ' ', 'a', 'A', '%', '_', "'; --", '|1', ':1', '/1', '\\', 'é', 'e\u0301', '😀']
      const { tenantId: shared } = newTenant()
      const tenants = suffixes.map((suffix) => ({
        suffix,
        session: adapter.session({ tenantId: `${shared}${suffix}` }),
      }))
      for (const { suffix, session } of tenants)
        await insertRows(session, specimen, [specimenRow('1', { name: suffix })])
      for (const { suffix, session } of tenants) {
        const rows = await readAll(session)
        assertEqual(
          rows.map((row) => row.name),
          [suffix],
          `names in the tenant that ends in "${suffix}"`,
        )
      }
    },
  )

  define('a tenant id and an id are not run together', async ({ adapter, newTenant }) => {
    const { tenantId } = newTenant()
    for (const sign of ['|', '/', ':', ',', ' ', '\u0001', '.', '-']) {
      const left = adapter.session({ tenantId: `${tenantId}${sign}a` })
      const right = adapter.session({ tenantId })
      await insertRows(left, specimen, [specimenRow('b', { name: 'left' })])
      await insertRows(right, specimen, [specimenRow(`a${sign}b`, { name: 'right' })])
      assertEqual((await readRow(left, specimen, 'b')).name, 'left', `name of the left row with "${sign}"`)
      assertEqual((await readRow(right, specimen, `a${sign}b`)).name, 'right', `name of the right row with "${sign}"`)
    }
  })

  define(
    'random work of one tenant neither shows nor changes anything in another',
    async ({ session, newTenant, random }) => {
      const bystander = newTenant().session
      const rows = randomRows(random, 40)
      await insertRows(bystander, specimen, rows)
      const before = await readAll(bystander)
      const model = new ReferenceModel(specimen)
      for (let round = 0; round < rounds(30, 120); round++) {
        const batch = randomBatch(random, model.rows())
        if ('failed' in model.write(batch)) {
          const failure = await failureOf(() => session.write(batch))
          assert(failure !== undefined, 'a batch went through that must fail without the rows of the other tenant')
        } else await session.write(batch)
        if (round % 10 === 0) {
          const where = randomFilter(random)
          const expected = model.find({ ...queryOf(specimen, { where }), limit: Number.POSITIVE_INFINITY })
          assertEqual(
            await matchingIds(session, specimen, where),
            expected,
            `own rows that pass ${JSON.stringify(where)}`,
          )
        }
      }
      assertEqual(await readAll(session), model.rows(), 'own rows')
      assertEqual(await readAll(bystander), before, 'rows of the other tenant')
    },
  )

  define('tenants lists whoever has rows, in code point order', async ({ adapter, newTenant }) => {
    const tenants = ['b', 'B', '\uFF5E', '😀', 'a'].map((suffix) => newTenant(suffix))
    const idle = newTenant('idle')
    const emptied = newTenant('emptied')
    for (const { session } of [...tenants, emptied]) await insertRows(session, specimen, [specimenRow(idAt(1))])
    await emptied.session.write([{ do: 'delete', entity, id: idAt(1) }])
    await matchingIds(idle.session, specimen)
    const listed: string[] = []
    for await (const tenantId of adapter.tenants()) listed.push(tenantId)
    const own = listed.filter((tenantId) => [...tenants, idle, emptied].some((tenant) => tenant.tenantId === tenantId))
    const codePoints = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0) ?? 0)
    const expected = tenants
      .map(({ tenantId }) => tenantId)
      .sort((left, right) => {
        const [a, b] = [codePoints(left), codePoints(right)]
        const at = a.findIndex((point, index) => point !== b[index])
        return (a[at] ?? -1) - (b[at] ?? -1)
      })
    assertEqual(own, expected, 'tenants of this case, as listed')
    assertEqual(listed.length, new Set(listed).size, 'tenants listed, counted with and without repetitions')
  })

  define(
    'the system reader finds rows of all tenants, ordered by (order, tenant), up to its limit',
    async ({ adapter, newTenant, random }) => {
      const marker = random.id()
      const tenants = [newTenant(), newTenant(), newTenant()]
      for (const [index, { session }] of tenants.entries()) {
        await insertRows(session, specimen, [
          specimenRow(idAt(1), { stage: marker, at: '2026-03-01T00:00:00.000Z' }),
          specimenRow(idAt(2 + index), { stage: marker, at: `2026-02-0${index + 1}T00:00:00.000Z` }),
          specimenRow(idAt(9), { stage: 'other' }),
        ])
      }
      const query = queryOf(specimen, { where: { op: 'eq', path: 'stage', value: marker }, order: ['stage', '-at'] })
      const read = async (limit: number): Promise<unknown[]> => {
        const found = await adapter.system!().find({ ...query, limit })
        return found.map(({ tenantId, row }) => [tenantId, row.id])
      }
      const [first, second, third] = tenants.map((tenant) => tenant.tenantId)
      const expected = [
        [first, idAt(1)],
        [second, idAt(1)],
        [third, idAt(1)],
        [third, idAt(4)],
        [second, idAt(3)],
        [first, idAt(2)],
      ]
      assertEqual(await read(100), expected, 'tenants and ids')
      assertEqual(await read(4), expected.slice(0, 4), 'the first four')
    },
    system,
  )
}
