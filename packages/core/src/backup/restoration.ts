import type { Entity } from '../entity/entity.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError } from '../kernel/crm-error.js'
import { instantOf } from '../kernel/instant.js'
import type { EntityDef } from '../storage/entity-def.js'
import type { GuardedSession } from '../storage/guarded-session.js'
import type { CallOptions } from '../storage/storage-adapter.js'
import type { Write } from '../storage/write.js'

const entity = 'restoration'
const id = 'restoration'
const pageSize = 500

/** A restore under way: everything it writes goes through here, so that it stops when another attempt took over. */
export interface Restoration {
  readonly storage: GuardedSession
  definitionOf(entity: string): EntityDef
  /** One atomic batch. Throws `conflict` (reason `check`) when this restore is no longer the present one. */
  write(batch: readonly Write[]): Promise<void>
  /** The tenant is complete. */
  finish(): Promise<void>
  /** Removes all that was written. */
  giveUp(): Promise<void>
}

/**
 * Marks a tenant as being restored. What an interrupted attempt left is removed first. Throws `conflict` (reason `tenant_not_empty`)
 * when the tenant holds rows of its own.
 */
export async function beginRestoration(
  context: SessionContext,
  entities: readonly Entity[],
  options: CallOptions,
): Promise<Restoration> {
  const { storage, clock } = context
  const startedAt = instantOf(clock.now())
  const [left] = await storage.getMany(entity, [id], options)
  if (!left) await requireEmpty(storage, entities, options)
  const [mark] = await storage.write(
    [
      left
        ? { do: 'patch', entity, id, set: { startedAt, updatedAt: startedAt }, ifVersion: left.version }
        : { do: 'insert', entity, row: { id, version: attemptNumber(context), startedAt, updatedAt: startedAt } },
    ],
    options,
  )
  const attempt = mark?.version as number
  const write = async (batch: readonly Write[]): Promise<void> => {
    await storage.write([{ do: 'check', entity, id, is: attempt }, ...batch], options)
  }
  const clear = async (): Promise<void> => {
    for (const { name } of entities) await clearEntity(storage, name, write)
  }
  const removeMark = async (): Promise<void> => {
    await storage.write([{ do: 'delete', entity, id, ifVersion: attempt }])
  }
  if (left) await clear()
  const definitions = new Map(entities.map((each) => [each.name, each.storage]))
  return {
    storage,
    definitionOf: (name) => definitions.get(name) as EntityDef,
    write,
    finish: removeMark,
    async giveUp() {
      await clear()
      await removeMark()
    },
  }
}

/** From 1 to 2^48: two attempts hardly share one, also when the mark between them was removed. */
function attemptNumber({ random }: SessionContext): number {
  return random.bytes(6).reduce((number, byte) => 256 * number + byte, 0) + 1
}

async function requireEmpty(storage: GuardedSession, entities: readonly Entity[], options: CallOptions): Promise<void> {
  for (const { name } of entities) {
    const { rows } = await storage.find({ entity: name, order: ['id'], limit: 1, fields: ['id'], ...options })
    if (rows.length === 0) continue
    throw new CrmError('conflict', 'The tenant is not empty', {
      entity: name,
      reason: 'tenant_not_empty',
      remedy: 'restore into a tenant without records',
    })
  }
}

async function clearEntity(
  storage: GuardedSession,
  name: string,
  write: (batch: readonly Write[]) => Promise<void>,
): Promise<void> {
  for (;;) {
    const { rows, done } = await storage.find({ entity: name, order: ['id'], limit: pageSize, fields: ['id'] })
    if (rows.length > 0) await write(rows.map((row) => ({ do: 'delete', entity: name, id: row.id })))
    if (done) return
  }
}
