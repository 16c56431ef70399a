import type { EntityDef } from '@rapport/core/storage'
import { entityTable } from './schema/tables.js'

/** An entity with a field of every type, for tests of this package. */
export const customer: EntityDef = {
  name: 'customer',
  fields: {
    stage: { type: 'text', required: true },
    updatedAt: { type: 'instant', required: true },
    name: { type: 'text' },
    orders: { type: 'int' },
    active: { type: 'bool' },
    lastOrderAt: { type: 'instant' },
    deletedAt: { type: 'instant' },
    tags: { type: 'text[]' },
    terms: { type: 'text[]' },
    custom: { type: 'json' },
    uniqueKey: { type: 'text' },
    'scores.clv.value': { type: 'float' },
  },
  indexes: [
    { name: 'by_stage', on: ['stage', '-updatedAt'] },
    { name: 'by_last_order', on: ['-lastOrderAt'], live: true },
    { name: 'unique_key', on: ['uniqueKey'], unique: true },
    { name: 'by_tag', on: ['tags'], kind: 'member' },
    { name: 'by_term', on: ['terms'], kind: 'terms' },
  ],
}

export const customerTable = entityTable(customer, 'rapport')
