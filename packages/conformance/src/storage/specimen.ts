import type { EntityDef, NewRow, OrderTerm } from '@rapport/core/storage'

/** The kit's main entity: a field of every type, dotted derived fields and an index of every kind. */
export const specimen: EntityDef = {
  name: 'specimen',
  fields: {
    stage: { type: 'text', required: true },
    name: { type: 'text' },
    note: { type: 'text' },
    score: { type: 'int' },
    rank: { type: 'int' },
    ratio: { type: 'float' },
    active: { type: 'bool' },
    at: { type: 'instant' },
    seenAt: { type: 'instant' },
    tags: { type: 'text[]' },
    terms: { type: 'text[]' },
    custom: { type: 'json' },
    system: { type: 'text' },
    externalId: { type: 'text' },
    uniqueKey: { type: 'text' },
    deletedAt: { type: 'instant' },
    'scores.clv.value': { type: 'float' },
    'scores.clv.orders': { type: 'int' },
  },
  indexes: [
    { name: 'by_name', on: ['name'] },
    { name: 'by_score', on: ['score'] },
    { name: 'by_at', on: ['at'] },
    { name: 'by_active', on: ['active'] },
    { name: 'by_stage_at', on: ['stage', '-at'] },
    { name: 'by_live_stage', on: ['stage', 'name'], live: true },
    { name: 'by_clv', on: ['-scores.clv.value'] },
    { name: 'by_tag', on: ['tags'], kind: 'member' },
    { name: 'by_term', on: ['terms'], kind: 'terms' },
    { name: 'unique_key', on: ['uniqueKey'], unique: true },
    { name: 'unique_external', on: ['system', 'externalId'], unique: true },
  ],
}

/** A second entity, for batches that touch more than one and for ids that exist in both. */
export const specimenNote: EntityDef = {
  name: 'specimenNote',
  fields: {
    specimenId: { type: 'text', required: true },
    body: { type: 'text' },
    visible: { type: 'bool' },
  },
  indexes: [{ name: 'by_specimen', on: ['specimenId'] }],
}

/** An entity as its first release declares it. */
export const growingAtFirst: EntityDef = {
  name: 'specimenGrowing',
  fields: { title: { type: 'text', required: true }, amount: { type: 'int' } },
  indexes: [{ name: 'by_title', on: ['title'] }],
}

/** The same entity a release later: two fields and two indexes more. */
export const growingLater: EntityDef = {
  name: 'specimenGrowing',
  fields: { ...growingAtFirst.fields, channel: { type: 'text' }, labels: { type: 'text[]' } },
  indexes: [
    ...growingAtFirst.indexes,
    { name: 'by_channel_amount', on: ['channel', '-amount'] },
    { name: 'unique_channel', on: ['channel'], unique: true },
  ],
}

/** What the kit plans before its first case. */
export const specimenDefs: readonly EntityDef[] = [specimen, specimenNote, growingAtFirst]

/** What the kit plans once a release later. */
export const grownSpecimenDefs: readonly EntityDef[] = [specimen, specimenNote, growingLater]

/** Orders that an index of {@link specimen} serves in one direction or the other; the id is still to be appended. */
export const indexedOrders: readonly (readonly OrderTerm[])[] = [
  ['name'],
  ['-name'],
  ['score'],
  ['-score'],
  ['at'],
  ['-at'],
  ['active'],
  ['-active'],
  ['stage', '-at'],
  ['-stage', 'at'],
]

/** A well-formed id that sorts by its number, from 0 to 2^48 - 1. */
export function idAt(position: number): string {
  return `00000000-0000-7000-8000-${position.toString(16).padStart(12, '0')}`
}

/** A valid row of {@link specimen}, in the stage `open` unless another is given. */
export function specimenRow(id: string, fields: Readonly<Record<string, unknown>> = {}): NewRow {
  return { id, stage: 'open', ...fields }
}
