import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accessContext, assignmentLevel, levelFor, mayAssign, mayClaim } from './access-context.js'
import type { Actor, ActorType } from './actor.js'
import { adminRole, defaultRoles, type Level, portalRole, type Role, widerLevel } from './role.js'

const member: Actor = { type: 'user', id: 'u1' }
const visitor: Actor = { type: 'contact', id: 'c1' }

describe('levelFor', () => {
  test('is the widest of all roles, and `no` without one', () => {
    const roles: Role[] = [
      { key: 'a', rights: { order: { read: 'own' } } },
      { key: 'b', rights: { order: { read: 'team' } } },
      { key: 'c', rights: { order: { update: 'yes' } } },
    ]
    expect(levelFor(accessContext(member, roles), 'order', 'read')).toBe('team')
    expect(levelFor(accessContext(member, roles), 'order', 'delete')).toBe('no')
    expect(levelFor(accessContext(member, []), 'order', 'read')).toBe('no')
  })

  test('uses the line for all entities only where the role has none for this one', () => {
    const roles: Role[] = [{ key: 'a', rights: { '*': { read: 'yes', update: 'yes' }, order: { read: 'own' } } }]
    expect(levelFor(accessContext(member, roles), 'order', 'read')).toBe('own')
    expect(levelFor(accessContext(member, roles), 'order', 'update')).toBe('no')
    expect(levelFor(accessContext(member, roles), 'ticket', 'update')).toBe('yes')
  })

  test('counts a level that means nothing for the actor, or is no level, as `no`', () => {
    const roles = (level: string): Role[] => [{ key: 'a', rights: { order: { read: level as Level } } }]
    expect(levelFor(accessContext(member, roles('company')), 'order', 'read')).toBe('no')
    expect(levelFor(accessContext(visitor, roles('team')), 'order', 'read')).toBe('no')
    for (const level of ['everything', 'constructor', 'YES', ''])
      expect(levelFor(accessContext(member, roles(level)), 'order', 'read')).toBe('no')
  })
})

describe('giving records away', () => {
  const bearer = (...assignments: (Role['assignment'] | undefined)[]) =>
    accessContext(
      { ...member, teamIds: ['north'] },
      assignments.map((assignment, index) => ({
        key: `${index}`,
        rights: {},
        ...(assignment !== undefined && { assignment }),
      })),
    )

  test('reaches as far as the widest role says, and to anybody when none says anything', () => {
    expect(assignmentLevel(bearer())).toBe('all')
    expect(assignmentLevel(bearer(undefined, undefined))).toBe('all')
    expect(assignmentLevel(bearer(undefined, 'no'))).toBe('no')
    expect(assignmentLevel(bearer('no', 'team'))).toBe('team')
    expect(assignmentLevel(bearer('team', 'all', 'no'))).toBe('all')
    expect(assignmentLevel(accessContext(visitor, [adminRole]))).toBe('no')
  })

  test.each([
    ['all', 'u2', [], true],
    ['team', 'u2', ['south'], false],
    ['team', 'u2', ['south', 'north'], true],
    ['no', 'u2', ['north'], false],
    ['no', 'u1', [], true],
  ] as const)('at level %s to %s of teams %j: %s', (level, to, teams, allowed) => {
    expect(mayAssign(bearer(level), to, teams)).toBe(allowed)
  })

  test('a visitor gives nothing away, not even to itself', () => {
    expect(mayAssign(accessContext(visitor, [adminRole]), visitor.id, [])).toBe(false)
  })
})

test('a claim needs the role to say so, or the right to update every record', () => {
  const rights = (contact: Role['rights'][string], actor = member) =>
    mayClaim(accessContext(actor, [{ key: 'a', rights: { '*': { claim: true }, contact } }]), 'contact')
  expect(rights({ update: 'team' })).toBe(false)
  expect(rights({ update: 'own', claim: true })).toBe(true)
  expect(rights({ update: 'all' })).toBe(true)
  expect(rights({ update: 'yes', claim: true }, visitor)).toBe(false)
  expect(mayClaim(accessContext(member, [{ key: 'a', rights: { '*': { claim: true } } }]), 'contact')).toBe(true)
})

test('widerLevel is commutative, associative and keeps the wider of two', () => {
  const level = fc.constantFrom<Level>('yes', 'all', 'team', 'company', 'contact', 'own', 'no')
  fc.assert(
    fc.property(level, level, level, (a, b, c) => {
      expect(widerLevel(a, b)).toBe(widerLevel(b, a))
      expect(widerLevel(widerLevel(a, b), c)).toBe(widerLevel(a, widerLevel(b, c)))
      expect(widerLevel(a, 'no')).toBe(a)
      expect(widerLevel(a, 'yes')).toBe('yes')
    }),
  )
})

test('without a callback members and programs are admins, visitors have the portal role, anonymous ones nothing', () => {
  const rolesOf = (type: ActorType) => defaultRoles('acme', { type, id: 'x' })
  for (const type of ['user', 'system', 'import', 'plugin', 'agent'] as const)
    expect(rolesOf(type)).toEqual([adminRole])
  expect(rolesOf('contact')).toEqual([portalRole])
  expect(rolesOf('anonymous')).toEqual([])
})

test('the portal role changes nothing but tickets and messages, and reads no entity of the house', () => {
  const context = accessContext(visitor, [portalRole])
  for (const entity of ['journal', 'member', 'run', 'customField', 'score', 'activity', 'externalRef'])
    expect(levelFor(context, entity, 'read'), entity).toBe('no')
  const creatable = Object.keys(portalRole.rights).filter((entity) => levelFor(context, entity, 'create') !== 'no')
  expect(creatable.sort()).toEqual(['message', 'ticket'])
  for (const entity of Object.keys(portalRole.rights))
    for (const action of ['update', 'delete'] as const) expect(levelFor(context, entity, action)).toBe('no')
})
