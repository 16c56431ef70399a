import type { EntityDef, NewRow, Write } from '@rapport/core/storage'

/** A ticket, with an index of every kind and fields to count by. */
export const ticket: EntityDef = {
  name: 'ticket',
  fields: {
    status: { type: 'text', required: true },
    priority: { type: 'text' },
    subject: { type: 'text' },
    number: { type: 'int' },
    at: { type: 'instant' },
    tags: { type: 'text[]' },
    terms: { type: 'text[]' },
    reference: { type: 'text' },
    deletedAt: { type: 'instant' },
  },
  indexes: [
    { name: 'by_number', on: ['number'] },
    { name: 'by_status_at', on: ['status', '-at'] },
    { name: 'by_tag', on: ['tags'], kind: 'member' },
    { name: 'by_term', on: ['terms'], kind: 'terms' },
    { name: 'unique_reference', on: ['reference'], unique: true },
  ],
}

export const tenantId = 'acme'

export const row = (id: string, values: Readonly<Record<string, unknown>> = {}): NewRow => ({
  id,
  status: 'open',
  ...values,
})

export const insert = (id: string, values?: Readonly<Record<string, unknown>>): Write => ({
  do: 'insert',
  entity: ticket.name,
  row: row(id, values),
})
