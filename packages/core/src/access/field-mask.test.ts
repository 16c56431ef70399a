import { describe, expect, test } from 'vitest'
import { accessContext } from './access-context.js'
import type { Actor } from './actor.js'
import type { EntityAccess } from './entity-access.js'
import { fieldMask } from './field-mask.js'
import type { EntityRights, Role } from './role.js'

const member: Actor = { type: 'user', id: 'u1' }
const access: EntityAccess = {
  reach: 'owned',
  portal: {
    contact: 'contactId',
    only: { path: 'visibility', value: 'public' },
    fields: ['subject', 'total'],
    writable: ['subject'],
  },
}

const role = (rights: EntityRights): Role => ({ key: 'r', rights: { ticket: rights } })
const maskOf = (actor: Actor, ...rights: readonly EntityRights[]) =>
  fieldMask(accessContext(actor, rights.map(role)), 'ticket', access)

describe('a mask of a member', () => {
  test('shows everything that no role hides', () => {
    const mask = maskOf(member, { read: 'yes', update: 'yes' })
    expect(mask.readable('salary')).toBe(true)
    expect(mask.writable('salary')).toBe(true)
  })

  test('hides a field and all below it, but no field whose name only begins alike', () => {
    const mask = maskOf(member, { read: 'yes', update: 'yes', hiddenFields: ['scores', 'custom.salary'] })
    for (const path of ['scores', 'scores.clv', 'scores.clv.value', 'custom.salary', 'custom.salary.net'])
      expect(mask.readable(path), path).toBe(false)
    for (const path of ['scoresheet', 'custom', 'custom.salaries']) expect(mask.readable(path), path).toBe(true)
  })

  test('does not let a hidden field be written, and shows a read-only one', () => {
    const mask = maskOf(member, { read: 'yes', update: 'yes', hiddenFields: ['margin'], readOnlyFields: ['price'] })
    expect(mask.writable('margin')).toBe(false)
    expect(mask.writable('price')).toBe(false)
    expect(mask.readable('price')).toBe(true)
  })

  test('counts only what every role that grants the action masks', () => {
    const seller = { read: 'yes', update: 'yes', hiddenFields: ['margin', 'salary'] } as const
    const buyer = { read: 'yes', update: 'yes', hiddenFields: ['margin'], readOnlyFields: ['price'] } as const
    const mask = maskOf(member, seller, buyer)
    expect(mask.readable('margin')).toBe(false)
    expect(mask.readable('salary')).toBe(true)
    expect(mask.writable('price')).toBe(true)
  })

  test('ignores the mask of a role that does not grant the action', () => {
    const mask = maskOf(member, { read: 'yes', hiddenFields: ['margin'] }, { create: 'yes' })
    expect(mask.readable('margin')).toBe(false)
  })

  test('comes from the line of the entity, not from `*`, where a role has both', () => {
    const roles: Role[] = [
      { key: 'r', rights: { '*': { read: 'yes' }, ticket: { read: 'yes', hiddenFields: ['margin'] } } },
    ]
    expect(fieldMask(accessContext(member, roles), 'ticket', access).readable('margin')).toBe(false)
    expect(fieldMask(accessContext(member, roles), 'order', access).readable('margin')).toBe(true)
  })
})

describe('a mask of a portal actor', () => {
  const visitor: Actor = { type: 'contact', id: 'c1' }

  test('shows what the entity lists, what ties the record to the actor, and nothing else', () => {
    const mask = maskOf(visitor, { read: 'contact', update: 'contact' })
    for (const path of ['subject', 'total.amountMinor', 'contactId', 'visibility', 'id', 'version', 'createdAt'])
      expect(mask.readable(path), path).toBe(true)
    for (const path of ['ownerId', 'createdBy', 'tags', 'custom', 'journalHash', 'subjectFolded'])
      expect(mask.readable(path), path).toBe(false)
  })

  test('writes only what the entity says it may', () => {
    const mask = maskOf(visitor, { read: 'contact', update: 'contact' })
    expect(mask.writable('subject')).toBe(true)
    for (const path of ['total', 'contactId', 'id', 'ownerId']) expect(mask.writable(path), path).toBe(false)
  })

  test('can be narrowed by a role', () => {
    const mask = maskOf(visitor, {
      read: 'contact',
      update: 'contact',
      hiddenFields: ['total'],
      readOnlyFields: ['subject'],
    })
    expect(mask.readable('total')).toBe(false)
    expect(mask.writable('subject')).toBe(false)
  })

  test('of an entity without portal access shows no fields of it', () => {
    const mask = fieldMask(accessContext(visitor, []), 'ticket', { reach: 'tenant' })
    expect(mask.readable('subject')).toBe(false)
    expect(mask.writable('subject')).toBe(false)
  })
})
