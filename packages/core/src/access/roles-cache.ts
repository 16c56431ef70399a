import type { Clock } from '../kernel/clock.js'
import { type AccessContext, accessContext } from './access-context.js'
import type { Actor } from './actor.js'
import type { RolesCallback } from './role.js'

const lifetimeMs = 30_000
const capacity = 10_000

/** Looks up roles once per tenant and actor and keeps them for half a minute. */
export interface RolesCache {
  contextFor(tenantId: string, actor: Actor): Promise<AccessContext>
  /** Forgets what is known, of one tenant or of all. */
  forget(tenantId?: string): void
}

/** A cache over the host's callback. An answer that fails is not kept. */
export function createRolesCache(roles: RolesCallback, clock: Clock): RolesCache {
  const entries = new Map<
    string,
    { readonly tenantId: string; readonly expiresAt: number; readonly context: Promise<AccessContext> }
  >()
  return {
    contextFor(tenantId, actor) {
      const key = JSON.stringify([tenantId, actor.type, actor.id, actor.via, actor.companyId, actor.teamIds])
      const now = clock.now()
      const known = entries.get(key)
      if (known && known.expiresAt > now) return known.context
      const context = (async () => accessContext(actor, await roles(tenantId, actor)))()
      entries.delete(key)
      entries.set(key, { tenantId, expiresAt: now + lifetimeMs, context })
      context.catch(() => {
        if (entries.get(key)?.context === context) entries.delete(key)
      })
      if (entries.size > capacity) entries.delete(entries.keys().next().value as string)
      return context
    },
    forget(tenantId) {
      for (const [key, entry] of entries) if (tenantId === undefined || entry.tenantId === tenantId) entries.delete(key)
    },
  }
}
