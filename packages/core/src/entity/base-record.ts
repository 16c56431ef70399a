import * as z from 'zod/mini'
import type { Actor } from '../access/actor.js'
import type { Money } from '../kernel/money.js'
import type { FieldDef } from '../storage/entity-def.js'
import type { Path } from '../storage/row.js'
import { reference, structured, tags, texts } from './field.js'

/** Who made a change, as kept with the record: no teams, no company. */
export type ActorStamp = Pick<Actor, 'type' | 'id' | 'name' | 'via'>

/** A value of a registered custom field; totals of money are minor units by currency. */
export type CustomValue = string | number | boolean | readonly string[] | Money | Readonly<Record<string, number>>

/** What every record carries. */
export interface BaseRecord {
  /** UUIDv7, unless the caller chose it. */
  id: string
  /** Counts changes, from 1. */
  version: number
  /** Instant of creation. */
  createdAt: string
  /** Instant of the last change that counted. */
  updatedAt: string
  /** Instant of the soft delete. */
  deletedAt?: string
  createdBy: ActorStamp
  updatedBy: ActorStamp
  /** The member responsible. */
  ownerId?: string
  teamIds: string[]
  tags: string[]
  /** Values of the tenant's registered custom fields. */
  custom: Record<string, CustomValue>
}

/** Base fields a caller may set. */
export interface BaseInput {
  /** The member responsible. */
  ownerId?: string
  teamIds?: string[]
  tags?: string[]
  custom?: Record<string, CustomValue | null>
}

/** How base fields are stored in every record. */
export const baseFields: Readonly<Record<Path, FieldDef>> = {
  createdAt: { type: 'instant', required: true },
  updatedAt: { type: 'instant', required: true },
  deletedAt: { type: 'instant' },
  createdBy: { type: 'json', required: true },
  updatedBy: { type: 'json', required: true },
  ownerId: { type: 'text' },
  teamIds: { type: 'text[]' },
  tags: { type: 'text[]' },
  custom: { type: 'json' },
  journalHash: { type: 'text' },
}

/** A projection is told apart only by when it was last written. */
export const projectionFields: Readonly<Record<Path, FieldDef>> = {
  updatedAt: { type: 'instant', required: true },
}

/** Schema of the base fields a caller may set. Custom values are checked against the tenant's registered fields later. */
export const baseInputShape = {
  ownerId: z.optional(reference('member')),
  teamIds: z.optional(texts({ maxItems: 100 })),
  tags: z.optional(tags()),
  custom: z.optional(structured(z.record(z.string(), z.unknown()))),
}

/** The stamp of an actor. */
export function stampOf(actor: Actor): ActorStamp {
  return {
    type: actor.type,
    id: actor.id,
    ...(actor.name !== undefined && { name: actor.name }),
    ...(actor.via !== undefined && { via: actor.via }),
  }
}
