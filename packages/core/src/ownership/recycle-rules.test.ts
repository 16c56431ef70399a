import { expect, test } from 'vitest'
import { companyEntity, contactEntity } from '../customers/index.js'
import type { Row } from '../storage/row.js'
import type { RecycleRule } from './recycle-rule-entity.js'
import { recycleVerdicts } from './recycle-rules.js'

const contact = { entity: contactEntity, ownerField: 'ownerId' }
const asOf = Date.parse('2026-03-31T00:00:00.000Z')
const [thirtyDaysAgo, later] = ['2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.001Z']

const rule = (more: object = {}): RecycleRule =>
  ({
    id: 'r1',
    name: 'r1',
    object: 'contact',
    active: true,
    since: 'lastActivity',
    afterDays: 30,
    unless: [],
    ...more,
  }) as object as RecycleRule
const row = (more: object): Row => ({
  id: 'c1',
  version: 1,
  ownerId: 'u_1',
  ownedSince: thirtyDaysAgo,
  updatedAt: later,
  lifecycleStage: 'lead',
  ...more,
})

test.each([
  ['nothing happened for the whole time', {}, true],
  ['one millisecond less', { ownedSince: later }, false],
  ['the last activity as long ago', { lastActivityAt: thirtyDaysAgo }, true],
  ['a later activity', { lastActivityAt: later }, false],
  ['a later owner, whatever happened before', { ownedSince: later, lastActivityAt: '2020-01-01T00:00:00.000Z' }, false],
  ['no owner', { ownerId: undefined }, false],
  ['deleted', { deletedAt: thirtyDaysAgo }, false],
  ['owned before that was kept, unchanged as long', { ownedSince: undefined, updatedAt: thirtyDaysAgo }, true],
  ['owned before that was kept, changed since', { ownedSince: undefined }, false],
])('the time of a record is over: %s', (_, more, due) => {
  expect(recycleVerdicts(contact, [rule()], asOf)(row(more)) !== undefined).toBe(due)
})

test('time of ownership counts alone where the rule says so', () => {
  const company = { entity: companyEntity, ownerField: 'ownerId' }
  const rules = [rule({ object: 'company', since: 'ownership' })]
  expect(recycleVerdicts(company, rules, asOf)(row({ lastActivityAt: later }))).toMatchObject({ excepted: false })
})

test('a rule is for the records it names, and excepts others; an exception to one is none to another', () => {
  const leads = rule({ id: 'leads', where: { lifecycleStage: 'lead' }, except: { tags: { has: 'vip' } } })
  const all = rule({ id: 'all', afterDays: 29 })
  const verdict = (rules: readonly RecycleRule[], more: object) => {
    const found = recycleVerdicts(contact, rules, asOf)(row(more))
    return found && [found.rule.id, found.excepted]
  }
  expect(verdict([leads], { lifecycleStage: 'customer' })).toBeUndefined()
  expect(verdict([leads], { tags: ['vip'] })).toEqual(['leads', true])
  expect(verdict([leads, all], { tags: ['vip'] })).toEqual(['all', false])
  expect(verdict([leads, all], {})).toEqual(['leads', false])
})
