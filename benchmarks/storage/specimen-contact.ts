import { type EntityDef, instantOf, type NewRow } from '@rapport/core/storage'

/** What is stored: a contact-like entity with a field of every type and the indexes of a list view. */
export const contact: EntityDef = {
  name: 'contact',
  fields: {
    stage: { type: 'text', required: true },
    name: { type: 'text', required: true },
    email: { type: 'text' },
    orders: { type: 'int' },
    value: { type: 'float' },
    active: { type: 'bool' },
    updatedAt: { type: 'instant', required: true },
    tags: { type: 'text[]' },
    custom: { type: 'json' },
  },
  indexes: [{ name: 'by_stage', on: ['stage', '-updatedAt'] }],
}

export const stages = ['lead', 'qualified', 'customer', 'lost'] as const

const start = Date.UTC(2026, 0, 1)

/** The n-th row: the same on every machine. Neighbours differ in every field. */
export function contactRow(prefix: string, n: number): NewRow {
  const mixed = Math.imul(n + 1, 0x9e3779b1) >>> 0
  return {
    id: `${prefix}-${n.toString(16).padStart(8, '0')}-7000-8000-${mixed.toString(16).padStart(12, '0')}`,
    stage: stages[mixed % stages.length]!,
    name: `Contact ${mixed}`,
    email: `contact.${n}@example.com`,
    orders: mixed % 40,
    value: (mixed % 100_000) / 7,
    active: mixed % 3 === 0,
    updatedAt: instantOf(start + (mixed % 20_000_000) * 1_000),
    tags: [`tag-${mixed % 9}`, `tag-${mixed % 13}`],
    custom: { region: `r${mixed % 12}`, seats: mixed % 200 },
  }
}
