import { expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'

test('an actor with hidden fields gets the best of more candidates than one look into the index holds', async () => {
  await using crm = await createTestCrm({
    roles: (_tenant, { id }) => [
      {
        key: 'all',
        rights: { contact: { create: 'all', read: 'all', ...(id === 'clerk' && { hiddenFields: ['phones'] }) } },
      },
    ],
  })
  const as = (id: string) => crm.session({ tenantId: 'acme', actor: { type: 'user', id } })
  for (let start = 0; start < 1_100; start += 100)
    await as('boss').contacts.upsertMany(
      Array.from({ length: 100 }, (_, index) => ({
        externalRef: { system: 'shop', externalId: `c${start + index}` },
        firstName: start + index === 1_050 ? 'Ada' : 'Adalbert',
      })),
    )
  const found = async (id: string) =>
    (await as(id).contacts.search('ada', { limit: 3 })).items.map(({ record, score }) => [
      record.id,
      record.firstName,
      score,
    ])
  expect(await found('clerk')).toEqual(await found('boss'))
  expect((await found('clerk'))[0]).toContain('Ada')
})
