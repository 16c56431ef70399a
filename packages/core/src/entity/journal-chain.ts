import { bytesToHex } from '@noble/hashes/utils.js'
import type { RandomSource } from '../kernel/random-source.js'
import { sha256Hex } from '../kernel/sha256.js'
import type { Row } from '../storage/row.js'
import type { ActorStamp } from './base-record.js'
import { canonicalJson, sameValue } from './canonical-json.js'
import type { PlannedEvent } from './domain-event.js'
import type { JournaledChange, JournaledEvent, JournaledField } from './journal-entity.js'

/** The facts of an entry that its hash covers, besides the commitments. */
export interface JournalHead {
  /** Of the entry. */
  readonly id: string
  readonly tenantId: string
  readonly entity: string
  readonly recordId: string
  readonly recordVersion: number
  readonly at: string
  readonly actor: ActorStamp
  readonly change: JournaledChange
  readonly cause?: string
  readonly previousHash?: string
}

const saltBytes = 16
const saltDigits = saltBytes * 2

/** The entries for all paths whose value changes; members of `custom` count one by one. */
export function journaledFields(
  before: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
  random: RandomSource,
): JournaledField[] {
  const changed: { readonly field: string; readonly before: unknown; readonly after: unknown }[] = []
  for (const field of Object.keys(values)) {
    const after = values[field]
    if (field === 'custom') {
      const old = (before.custom ?? {}) as Record<string, unknown>
      const fresh = (after ?? {}) as Record<string, unknown>
      for (const key of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
        const [was, is] = [ownValue(old, key), ownValue(fresh, key)]
        if (!sameValue(was, is)) changed.push({ field: `custom.${key}`, before: was, after: is })
      }
    } else if (!sameValue(before[field], after)) changed.push({ field, before: before[field], after })
  }
  const salts = random.bytes(saltBytes * changed.length)
  const salted = bytesToHex(salts)
  return changed.map(({ field, before: old, after }, index) => {
    const entry: { field: string; salt: string; before?: unknown; after?: unknown } = {
      field,
      salt: salted.slice(index * saltDigits, (index + 1) * saltDigits),
    }
    if (old !== undefined && old !== null) entry.before = old
    if (after !== undefined && after !== null) entry.after = after
    return entry
  })
}

/** A custom field may be called `constructor`. */
function ownValue(values: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(values, key) ? values[key] : undefined
}

/** The entries for the events of a change. */
export function journaledEvents(events: readonly PlannedEvent[], random: RandomSource): JournaledEvent[] {
  return events.map(({ type, data = {} }) => {
    return { type, salt: bytesToHex(random.bytes(saltBytes)), data }
  })
}

/** What the chain holds of a changed field: SHA-256 over its salt, its name and both values. */
export function fieldCommitment({ commitment, salt, field, before, after }: JournaledField): string {
  return commitment ?? commitTo(salt, [field, before ?? null, after ?? null])
}

/** What the chain holds of an event: SHA-256 over its salt, its type and its payload. */
export function eventCommitment({ commitment, salt, type, data }: JournaledEvent): string {
  return commitment ?? commitTo(salt, [type, data ?? {}])
}

/**
 * Hash of an entry: over who, when and what, the commitments, and the hash of the entry before. The actor's name is left out: it
 * is there to be shown, and can be erased.
 */
export function journalHash(
  head: JournalHead,
  fields: readonly JournaledField[],
  events: readonly JournaledEvent[],
): string {
  const covered = [
    head.id,
    head.tenantId,
    head.entity,
    head.recordId,
    head.recordVersion,
    head.at,
    head.actor.type,
    head.actor.id,
    head.actor.via ?? null,
    head.change,
    head.cause ?? null,
    fields.map((each) => [each.field, fieldCommitment(each)]),
    events.map((each) => [each.type, eventCommitment(each)]),
    head.previousHash ?? null,
  ]
  return sha256Hex(canonicalJson(covered))
}

/** What a check of a record's chain found. */
export type ChainVerdict =
  | { readonly intact: true; readonly entries: number }
  /** `version` is that of the first entry that does not fit. */
  | { readonly intact: false; readonly version: number; readonly reason: 'hash' | 'value' | 'link' | 'gap' | 'head' }

/**
 * Checks a record's chain: entries in ascending order of `recordVersion`, and the hash the record holds. Of values that were erased the
 * commitments are checked; of all others what they commit to is computed.
 */
export function verifyChain(tenantId: string, entries: readonly Row[], headHash: string | undefined): ChainVerdict {
  let previousHash: string | undefined
  let previousVersion = 0
  for (const row of entries) {
    const version = row.recordVersion as number
    const broken = (reason: 'hash' | 'value' | 'link' | 'gap'): ChainVerdict => ({ intact: false, version, reason })
    if (version !== previousVersion + 1) return broken('gap')
    if ((row.previousHash as string | undefined) !== previousHash) return broken('link')
    const fields = row.changes as JournaledField[]
    const events = row.events as JournaledEvent[]
    const actor = row.actor as ActorStamp
    if (actor.type !== row.actorType || actor.id !== row.actorId) return broken('hash')
    const head: JournalHead = {
      id: row.id,
      tenantId,
      entity: row.entity as string,
      recordId: row.recordId as string,
      recordVersion: version,
      at: row.at as string,
      actor,
      change: row.change as JournaledChange,
      ...(row.cause !== undefined && { cause: row.cause as string }),
      ...(previousHash !== undefined && { previousHash }),
    }
    if (journalHash(head, fields, events) !== row.hash) return broken('hash')
    if (!fields.every(fieldFits) || !events.every(eventFits)) return broken('value')
    previousHash = row.hash as string
    previousVersion = version
  }
  if (previousHash !== headHash) return { intact: false, version: previousVersion, reason: 'head' }
  return { intact: true, entries: entries.length }
}

/** Where a commitment stands, the values were erased, and none may stand in their place; or they are there, and it fits them. */
function fieldFits({ commitment, ...open }: JournaledField): boolean {
  if (commitment === undefined) return open.salt !== undefined
  if (open.salt === undefined) return open.before === undefined && open.after === undefined
  return fieldCommitment(open) === commitment
}

function eventFits({ commitment, ...open }: JournaledEvent): boolean {
  if (commitment === undefined) return open.salt !== undefined
  return open.salt === undefined ? open.data === undefined : eventCommitment(open) === commitment
}

function commitTo(salt: string | undefined, value: unknown): string {
  return sha256Hex((salt ?? '') + canonicalJson(value))
}
