import { describe, expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'
import { failureOf } from '../session-context.fixture.js'
import type { NewCustomField } from './custom-field-service.js'

async function opened() {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  const register = (key: string, more: Omit<NewCustomField, 'object' | 'key' | 'label'> & { object?: string }) =>
    shop.customFields.register({ object: 'contact', key, label: key, ...more })
  return { crm, shop, register }
}

describe('computed fields that would be computed from themselves are refused, naming the circle', () => {
  test('a formula that refers to itself', async () => {
    const { register } = await opened()
    const error = await failureOf(register('a', { type: 'formula', formula: { add: [{ field: 'custom.a' }, 1] } }))
    expect(error).toMatchObject({
      code: 'rule_violated',
      message: expect.stringContaining('contact.custom.a ← contact.custom.a'),
      details: { field: 'custom.a', reason: 'circular' },
    })
  })

  test('formulas that refer to each other', async () => {
    const { shop, register } = await opened()
    const first = await register('a', { type: 'formula', formula: 1 })
    await register('b', { type: 'formula', formula: { add: [{ field: 'custom.a' }, 1] } })
    const change = shop.customFields.update(first.id, { formula: { add: [{ field: 'custom.b' }, 1] } })
    expect(await failureOf(change)).toMatchObject({
      code: 'rule_violated',
      message: expect.stringMatching(/contact\.custom\.\w ← contact\.custom\.\w ← contact\.custom\.\w/),
      details: { reason: 'circular' },
    })
    expect((await shop.customFields.get(first.id)).formula).toBe(1)
  })

  test('a roll-up over its own field of the records below', async () => {
    const { register } = await opened()
    const rollUp = { entity: 'company', by: 'parentCompanyId', fn: 'sum', field: 'custom.total' } as const
    expect(await failureOf(register('total', { object: 'company', type: 'rollUp', rollUp }))).toMatchObject({
      details: { reason: 'circular' },
    })
  })
})

describe('a definition', () => {
  test('says at once what does not fit', async () => {
    const { register } = await opened()
    await register('size', { type: 'number' })
    await register('name2', { type: 'text' })
    const sum = { entity: 'order', by: 'contactId', fn: 'sum', field: 'total' } as const
    const refused: readonly [Parameters<typeof register>[1], string][] = [
      [{ type: 'formula' }, 'formula'],
      [{ type: 'text', formula: 1 }, 'formula'],
      [{ type: 'formula', formula: { add: [{ field: 'custom.size' }, { field: 'custom.name2' }] } }, 'formula.add'],
      [{ type: 'formula', formula: { field: 'custom.nope' } }, 'formula'],
      [{ type: 'formula', formula: { field: 'orderCount' } }, 'formula'],
      [{ type: 'formula', formula: { field: 'addresses' } }, 'formula'],
      [{ type: 'formula', formula: 1, required: true }, 'required'],
      [{ type: 'formula', formula: 1, unique: true }, 'unique'],
      [{ type: 'formula', formula: 1, defaultValue: 2 }, 'defaultValue'],
      [{ type: 'rollUp' }, 'rollUp'],
      [{ type: 'rollUp', rollUp: { ...sum, entity: 'unicorn' } }, 'rollUp.entity'],
      [{ type: 'rollUp', rollUp: { ...sum, by: 'companyId' } }, 'rollUp.by'],
      [{ type: 'rollUp', rollUp: { ...sum, fn: 'median' as never } }, 'rollUp.fn'],
      [{ type: 'rollUp', rollUp: { ...sum, field: 'status' } }, 'rollUp.field'],
      [{ type: 'rollUp', rollUp: { ...sum, fn: 'sum', field: 'placedAt' } }, 'rollUp.field'],
      [{ type: 'rollUp', rollUp: { ...sum, fn: 'count' } }, 'rollUp.field'],
      [{ type: 'rollUp', rollUp: { ...sum, where: { nope: 1 } } }, 'nope'],
      [{ type: 'reference' }, 'target'],
      [{ type: 'reference', target: 'unicorn' }, 'target'],
      [{ type: 'select', options: ['a', 'a'] }, 'options.1'],
      [{ type: 'select', options: ['a'], archivedOptions: ['b'] }, 'archivedOptions.0'],
      [{ type: 'number', defaultValue: 'x' }, 'defaultValue'],
    ]
    for (const [definition, field] of refused)
      expect(await failureOf(register('x', definition)), JSON.stringify(definition)).toMatchObject({
        code: 'validation_failed',
        details: { field },
      })
  })

  test('keeps its type and its options; labels, order and archiving are free', async () => {
    const { shop, register } = await opened()
    const { id } = await register('shirt', {
      type: 'select',
      options: ['s', 'm'],
      optionLabels: { s: { en: 'Small', zh: '小' } },
    })
    const ada = await shop.contacts.create({ firstName: 'Ada', custom: { shirt: 's' } })
    expect(await failureOf(shop.customFields.update(id, { type: 'text' } as never))).toMatchObject({
      code: 'rule_violated',
      details: { field: 'type', remedy: expect.stringContaining('register a field of the other type') },
    })
    expect(await failureOf(shop.customFields.update(id, { options: ['m'] }))).toMatchObject({
      code: 'rule_violated',
      details: { field: 'options', remedy: expect.stringContaining('archivedOptions') },
    })
    expect((await failureOf(shop.customFields.update(id, { key: 'other' } as never))).details.field).toBe('key')
    await shop.customFields.update(id, {
      label: 'Size',
      labels: { zh: '尺码' },
      options: ['l', 'm', 's'],
      archivedOptions: ['s'],
    })
    expect((await shop.contacts.update(ada.id, { custom: { shirt: 's' } })).custom.shirt).toBe('s')
    expect(await failureOf(shop.contacts.create({ firstName: 'B', custom: { shirt: 's' } }))).toMatchObject({
      details: { field: 'custom.shirt' },
    })
  })

  test('of a default fills new records, and no others', async () => {
    const { shop, register } = await opened()
    const old = await shop.contacts.create({ firstName: 'Ada' })
    await register('size', { type: 'number', defaultValue: 7, required: true })
    expect((await shop.contacts.create({ firstName: 'Bob' })).custom).toEqual({ size: 7 })
    expect((await shop.contacts.get(old.id)).custom).toEqual({})
  })

  test('that others are computed from cannot be deleted before them', async () => {
    const { shop, register } = await opened()
    const size = await register('size', { type: 'number' })
    const double = await register('double', { type: 'formula', formula: { multiply: [{ field: 'custom.size' }, 2] } })
    expect(await failureOf(shop.customFields.delete(size.id))).toMatchObject({
      code: 'rule_violated',
      details: { field: 'custom.double', reason: 'in_use' },
    })
    await shop.customFields.delete(double.id)
    await shop.customFields.delete(size.id)
  })

  test('is personal when something it is computed from is, also when that becomes so later', async () => {
    const { shop, register } = await opened()
    const size = await register('size', { type: 'number' })
    const double = await register('double', { type: 'formula', formula: { multiply: [{ field: 'custom.size' }, 2] } })
    const again = await register('again', { type: 'formula', formula: { multiply: [{ field: 'custom.double' }, 2] } })
    const name = await register('hello', { type: 'formula', formula: { concat: ['Hello ', { field: 'firstName' }] } })
    expect([double.personal, again.personal, name.personal]).toEqual([false, false, true])
    await shop.customFields.update(size.id, { personal: true })
    for (const { id } of [double, again]) expect((await shop.customFields.get(id)).personal).toBe(true)
  })

  test('beyond five hundred for an entity is refused, and beyond fifty computed ones', async () => {
    const { register } = await opened()
    for (let index = 0; index < 50; index++) await register(`f${index}`, { type: 'formula', formula: index })
    expect(await failureOf(register('more', { type: 'formula', formula: 1 }))).toMatchObject({
      code: 'rule_violated',
      details: { reason: 'limit' },
    })
  })
})

test('references are checked when they are set: a record that is not there, deleted, or was merged is refused', async () => {
  const { shop, register } = await opened()
  await register('dealer', { type: 'reference', target: 'company' })
  const [acme, globex] = [
    await shop.companies.create({ name: 'Acme' }),
    await shop.companies.create({ name: 'Globex' }),
  ]
  const ada = await shop.contacts.create({ firstName: 'Ada', custom: { dealer: acme.id } })
  await shop.companies.delete(globex.id)
  for (const dealer of ['nobody', globex.id])
    expect(await failureOf(shop.contacts.update(ada.id, { custom: { dealer } }))).toMatchObject({
      code: 'validation_failed',
      details: { field: 'custom.dealer' },
    })
  const joint = await shop.companies.create({ name: 'Acme Ltd' })
  await shop.companies.merge({ survivorId: joint.id, mergedIds: [acme.id] })
  expect(await shop.companies.resolveId(ada.custom.dealer as string)).toBe(joint.id)
  expect(await failureOf(shop.contacts.create({ firstName: 'Bob', custom: { dealer: acme.id } }))).toMatchObject({
    code: 'rule_violated',
    details: { reason: 'merged', leadsTo: { [acme.id]: joint.id } },
  })
})

test('a unique value is free again when its record went while the field was deleted', async () => {
  const { shop, register } = await opened()
  const field = await register('card', { type: 'text', unique: true })
  const ada = await shop.contacts.create({ firstName: 'Ada', custom: { card: '7' } })
  await shop.customFields.delete(field.id)
  await shop.contacts.delete(ada.id)
  await shop.customFields.restore(field.id)
  expect((await shop.contacts.create({ firstName: 'Bob', custom: { card: '7' } })).custom).toEqual({ card: '7' })
  expect(await failureOf(shop.contacts.restore(ada.id))).toMatchObject({ code: 'conflict' })
})
