import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EntityDef } from '../storage/entity-def.js'
import { compileFilter } from '../storage/evaluate-filter.js'
import type { Row } from '../storage/row.js'
import { compilePath } from '../storage/value-at.js'
import { type AccessContext, accessContext } from './access-context.js'
import type { Actor, ActorType } from './actor.js'
import type { EntityAccess } from './entity-access.js'
import { can, scope } from './rights.js'
import type { Level, Role } from './role.js'

const ticket: EntityDef = {
  name: 'ticket',
  fields: {
    ownerId: { type: 'text' },
    assigneeId: { type: 'text' },
    teamIds: { type: 'text[]' },
    contactId: { type: 'text' },
    companyId: { type: 'text' },
    parentId: { type: 'text' },
    visibility: { type: 'text' },
    createdBy: { type: 'json' },
  },
  indexes: [],
}

const portal = { contact: 'contactId', company: 'companyId', fields: [] } as const

const reader = (row: Row) => (path: string) => compilePath(ticket, path)(row)

const withLevel = (actor: Actor, level: Level): AccessContext =>
  accessContext(actor, [{ key: 'r', rights: { ticket: { read: level } } }])

const rows: readonly Row[] = [
  { id: 'mine', version: 1, ownerId: 'u1' },
  { id: 'team', version: 1, ownerId: 'u2', teamIds: ['t1', 't9'] },
  { id: 'other', version: 1, ownerId: 'u2', teamIds: ['t9'] },
  { id: 'nobody', version: 1 },
]

const reachable = (context: AccessContext, access: EntityAccess, from: readonly Row[] = rows): string[] =>
  from.filter((row) => can(context, 'ticket', access, 'read', reader(row))).map((row) => row.id)

describe('members', () => {
  const member: Actor = { type: 'user', id: 'u1', teamIds: ['t1', 't2'] }
  test.each<[Level, string[]]>([
    ['yes', ['mine', 'team', 'other', 'nobody']],
    ['all', ['mine', 'team', 'other', 'nobody']],
    ['team', ['mine', 'team']],
    ['own', ['mine']],
    ['no', []],
    ['contact', []],
    ['company', []],
  ])('at level %s reach %j', (level, expected) => {
    expect(reachable(withLevel(member, level), { reach: 'owned', portal })).toEqual(expected)
  })

  test('of no team reach their own records at level team, never those without a team', () => {
    expect(reachable(withLevel({ type: 'user', id: 'u1' }, 'team'), { reach: 'owned' })).toEqual(['mine'])
    expect(reachable(withLevel({ type: 'user', id: 'u1', teamIds: [] }, 'team'), { reach: 'owned' })).toEqual(['mine'])
  })

  test('with any right to a tenant-wide entity have it to all records', () => {
    expect(reachable(withLevel(member, 'own'), { reach: 'tenant' })).toHaveLength(rows.length)
    expect(reachable(withLevel(member, 'no'), { reach: 'tenant' })).toEqual([])
  })

  test('reach a child by its parent alone, unless their right covers every record', () => {
    const access: EntityAccess = { reach: { parent: 'ticket', field: 'parentId' } }
    const child: Row = { id: 'c', version: 1, parentId: 'p', ownerId: 'u1' }
    const own = withLevel(member, 'own')
    expect(can(own, 'ticket', access, 'read', reader(child))).toBe(false)
    expect(can(own, 'ticket', access, 'read', reader(child), true)).toBe(true)
    expect(scope(own, 'ticket', access, 'read')).toBeUndefined()
    expect(scope(own, 'ticket', access, 'read', 'p')).toEqual({ op: 'eq', path: 'parentId', value: 'p' })
    expect(can(withLevel(member, 'all'), 'ticket', access, 'read', reader(child))).toBe(true)
    expect(can(withLevel(member, 'no'), 'ticket', access, 'read', reader(child), true)).toBe(false)
  })

  test('own by the field that the entity names', () => {
    const row: Row = { id: 'a', version: 1, assigneeId: 'u1', ownerId: 'u2' }
    expect(reachable(withLevel(member, 'own'), { reach: 'owned', ownerField: 'assigneeId' }, [row])).toEqual(['a'])
    expect(reachable(withLevel(member, 'own'), { reach: 'owned' }, [row])).toEqual([])
  })

  test('have an action only when a role grants that action', () => {
    const context = withLevel(member, 'yes')
    for (const action of ['create', 'update', 'delete'] as const)
      expect(can(context, 'ticket', { reach: 'owned' }, action, reader(rows[0] as Row))).toBe(false)
  })
})

describe('portal actors', () => {
  const visitor: Actor = { type: 'contact', id: 'c1', companyId: 'k1' }
  const about: readonly Row[] = [
    { id: 'mine', version: 1, contactId: 'c1', createdBy: { type: 'contact', id: 'c1' } },
    { id: 'about-me', version: 1, contactId: 'c1', createdBy: { type: 'user', id: 'u1' } },
    { id: 'colleague', version: 1, contactId: 'c2', companyId: 'k1', createdBy: { type: 'contact', id: 'c2' } },
    { id: 'stranger', version: 1, contactId: 'c3', companyId: 'k2' },
    { id: 'nobody', version: 1 },
  ]
  test.each<[Level, string[]]>([
    ['all', ['mine', 'about-me', 'colleague', 'stranger', 'nobody']],
    ['company', ['mine', 'about-me', 'colleague']],
    ['contact', ['mine', 'about-me']],
    ['own', ['mine']],
    ['no', []],
    ['team', []],
  ])('at level %s reach %j', (level, expected) => {
    expect(reachable(withLevel(visitor, level), { reach: 'owned', portal }, about)).toEqual(expected)
  })

  test('without a company reach what is about them at level company, not what has no company', () => {
    const alone: Actor = { type: 'contact', id: 'c1' }
    expect(reachable(withLevel(alone, 'company'), { reach: 'owned', portal }, about)).toEqual(['mine', 'about-me'])
  })

  test('reach nothing of an entity without portal paths, and nothing when anonymous', () => {
    expect(reachable(withLevel(visitor, 'yes'), { reach: 'tenant' }, about)).toEqual([])
    expect(reachable(withLevel({ type: 'anonymous', id: '' }, 'yes'), { reach: 'owned', portal }, about)).toEqual([])
  })

  test('see only records with the value that `only` asks for, at every level', () => {
    const access: EntityAccess = {
      reach: 'owned',
      portal: { ...portal, only: { path: 'visibility', value: 'public' } },
    }
    const messages: readonly Row[] = [
      { id: 'public', version: 1, contactId: 'c1', visibility: 'public', createdBy: { id: 'c1' } },
      { id: 'internal', version: 1, contactId: 'c1', visibility: 'internal', createdBy: { id: 'c1' } },
      { id: 'unset', version: 1, contactId: 'c1', createdBy: { id: 'c1' } },
    ]
    for (const level of ['all', 'company', 'contact', 'own'] as const)
      expect(reachable(withLevel(visitor, level), access, messages), level).toEqual(['public'])
  })

  test('a level for members in one role does not take away what another role gives a visitor', () => {
    const context = accessContext(visitor, [
      { key: 'a', rights: { ticket: { read: 'contact' } } },
      { key: 'b', rights: { ticket: { read: 'team' } } },
    ])
    expect(reachable(context, { reach: 'owned', portal }, about)).toEqual(['mine', 'about-me'])
  })
})

describe('can and scope', () => {
  const id = fc.constantFrom('x1', 'x2', 'x3')
  const level = fc.constantFrom<Level>('yes', 'all', 'team', 'company', 'contact', 'own', 'no')
  const actor: fc.Arbitrary<Actor> = fc.record(
    {
      type: fc.constantFrom<ActorType>('user', 'contact', 'anonymous', 'system', 'agent'),
      id,
      companyId: id,
      teamIds: fc.array(id, { maxLength: 2 }),
    },
    { requiredKeys: ['type', 'id'] },
  )
  const roles: fc.Arbitrary<Role[]> = fc.array(
    fc.record({
      key: id,
      rights: fc.dictionary(fc.constantFrom('ticket', 'order', '*'), fc.record({ read: level }, { requiredKeys: [] })),
    }),
    { maxLength: 3 },
  )
  const access: fc.Arbitrary<EntityAccess> = fc.record(
    {
      reach: fc.constantFrom<EntityAccess['reach']>('owned', 'tenant', { parent: 'p', field: 'parentId' }),
      ownerField: fc.constantFrom('ownerId', 'assigneeId'),
      portal: fc.record(
        {
          contact: fc.constantFrom('contactId', 'id'),
          company: fc.constant('companyId'),
          only: fc.constant({ path: 'visibility', value: 'x1' }),
          fields: fc.constant([]),
        },
        { requiredKeys: ['fields'] },
      ),
    },
    { requiredKeys: ['reach'] },
  )
  const row = fc.record(
    {
      id,
      version: fc.constant(1),
      ownerId: id,
      assigneeId: id,
      teamIds: fc.array(id, { maxLength: 2 }),
      contactId: id,
      companyId: id,
      parentId: id,
      visibility: id,
      createdBy: fc.record({ type: fc.constant('user'), id }, { requiredKeys: [] }),
    },
    { requiredKeys: ['id', 'version'] },
  ) as fc.Arbitrary<Row>

  test('agree on every record, for random roles, actors and entities', () => {
    fc.assert(
      fc.property(actor, roles, access, row, fc.option(id, { nil: undefined }), (who, held, entity, record, parent) => {
        const context = accessContext(who, held)
        const filter = scope(context, 'ticket', entity, 'read', parent)
        const underCheckedParent = parent !== undefined && record.parentId === parent
        const allowed = can(context, 'ticket', entity, 'read', reader(record), underCheckedParent)
        expect(allowed).toBe(filter === undefined ? false : compileFilter(ticket, filter)(record))
      }),
      { numRuns: 5_000 },
    )
  })

  test('another role never takes a record away', () => {
    fc.assert(
      fc.property(actor, roles, roles, access, row, (who, held, more, entity, record) => {
        const before = can(accessContext(who, held), 'ticket', entity, 'read', reader(record))
        const after = can(accessContext(who, [...more, ...held]), 'ticket', entity, 'read', reader(record))
        if (before) expect(after).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})
