import { expect, test } from 'vitest'
import { createCustomFieldService } from './custom-fields/custom-field-service.js'
import { failureOf, noRuns, openSession } from './session-context.fixture.js'
import { createTenantService } from './tenant-service.js'

test('settings are there once they were made; null clears', async () => {
  const { context } = await openSession()
  const tenant = createTenantService(context)
  expect(await tenant.get()).toBeUndefined()
  expect(await tenant.update({ name: 'Acme', currency: 'EUR', locale: null })).toMatchObject({
    name: 'Acme',
    version: 1,
  })
  const changed = await tenant.update({ currency: null, timeZone: 'Europe/Berlin' })
  expect(changed).toMatchObject({ name: 'Acme', timeZone: 'Europe/Berlin', version: 2 })
  expect(changed).not.toHaveProperty('currency')
  expect(await tenant.get()).toEqual(changed)
})

test('two who make them at once both land', async () => {
  const { context } = await openSession()
  const tenant = createTenantService(context)
  await Promise.all([tenant.update({ name: 'Acme' }), tenant.update({ currency: 'EUR' })])
  expect(await tenant.get()).toMatchObject({ name: 'Acme', currency: 'EUR' })
})

test('wrong settings are refused, first or later, each by its field', async () => {
  const { context } = await openSession()
  const tenant = createTenantService(context)
  const refused = async (patch: object): Promise<string | undefined> =>
    (await failureOf(tenant.update(patch))).details.field
  for (const round of ['first', 'later']) {
    expect(await refused({ currency: 'EURO' }), round).toBe('currency')
    expect(await refused({ timeZone: 'Mars/Phobos' }), round).toBe('timeZone')
    expect(await refused({ weekStart: 'friday' }), round).toBe('weekStart')
    expect(await refused({ plan: 'gold' }), round).toBe('plan')
    expect(await refused({ custom: { plan: 'gold' } }), round).toBe('custom.plan')
    await tenant.update({ name: 'Acme' })
  }
  await createCustomFieldService(context, noRuns).register({
    object: 'tenant',
    key: 'plan',
    type: 'text',
    label: 'Plan',
  })
  expect((await tenant.update({ custom: { plan: 'gold' } })).custom).toEqual({ plan: 'gold' })
})

test('who has no right to them neither reads nor makes them', async () => {
  const { as } = await openSession()
  const tenant = createTenantService(as({ type: 'contact', id: 'c1' }))
  expect(await tenant.get()).toBeUndefined()
  expect((await failureOf(tenant.update({ name: 'Mine' }))).code).toBe('access_denied')
})
