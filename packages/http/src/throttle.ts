import { type Actor, type Clock, CrmError } from '@rapport/core'

/** What is counted together. Each route belongs to one class. */
export type ThrottleClass =
  | 'read'
  | 'write'
  | 'upload'
  | 'openTicket'
  | 'replyToTicket'
  | 'editOwnProfile'
  | 'refusedSignIn'

/** At most `limit` requests at once, refilled evenly over `perMs` milliseconds. */
export interface ThrottleRule {
  readonly limit: number
  readonly perMs: number
}

/** Settings of the throttle; what is left out keeps its default. */
export interface ThrottleOptions {
  readonly rules?: Partial<Readonly<Record<ThrottleClass, ThrottleRule>>>
  /**
   * Address of the caller as the host knows it, for instance from the header its own proxy sets. With it anonymous
   * visitors are counted by address and refused sign-ins are throttled; without it neither can be told apart.
   */
  readonly address?: (request: Request) => string | undefined
  /** Most callers remembered; the one longest idle is forgotten first. Default 20,000. */
  readonly maxCallers?: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/**
 * Defaults. Those for visitors follow what support widgets were found to need in production (30 new conversations and 60
 * messages a minute, 60 profile edits an hour); tighter ones refuse honest people behind one shared address.
 */
export const defaultThrottleRules: Readonly<Record<ThrottleClass, ThrottleRule>> = {
  read: { limit: 1200, perMs: minuteMs },
  write: { limit: 600, perMs: minuteMs },
  upload: { limit: 60, perMs: minuteMs },
  openTicket: { limit: 30, perMs: minuteMs },
  replyToTicket: { limit: 60, perMs: minuteMs },
  editOwnProfile: { limit: 60, perMs: hourMs },
  refusedSignIn: { limit: 60, perMs: minuteMs },
}

/** Counts requests per class and caller. */
export interface Throttle {
  /** Takes one request of an authenticated caller, or throws `rate_limited` with the wait. */
  take(kind: ThrottleClass, request: Request, tenantId: string, actor: Actor): void
  /** Takes one request that nobody vouches for; counted only where the host tells addresses. */
  takeRefused(request: Request): void
}

interface Bucket {
  tokens: number
  atMs: number
}

/** Token buckets in memory, so limits hold per process. Throws `TypeError` for rules that are not positive numbers. */
export function createThrottle(options: ThrottleOptions, clock: Clock): Throttle {
  const rules = { ...defaultThrottleRules, ...options.rules }
  for (const [name, rule] of Object.entries(rules)) {
    if (!(rule.limit >= 1 && rule.perMs > 0))
      throw new TypeError(`throttle.rules.${name} needs limit >= 1 and perMs > 0`)
  }
  const maxCallers = options.maxCallers ?? 20_000
  const buckets = new Map<string, Bucket>()

  function spend(kind: ThrottleClass, caller: string): void {
    const { limit, perMs } = rules[kind]
    const key = `${kind} ${caller}`
    const now = clock.now()
    const known = buckets.get(key)
    const elapsed = known === undefined ? 0 : Math.max(0, now - known.atMs)
    const tokens = known === undefined ? limit : Math.min(limit, known.tokens + (elapsed * limit) / perMs)
    // Deleting first moves the caller to the end of the map's order, which is the order of forgetting.
    buckets.delete(key)
    const allowed = tokens >= 1
    buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, atMs: now })
    if (buckets.size > maxCallers) buckets.delete(buckets.keys().next().value!)
    if (allowed) return
    const retryAfterMs = Math.ceil(((1 - tokens) * perMs) / limit)
    throw new CrmError('rate_limited', 'Too many requests of this kind', {
      retryAfterMs,
      remedy: 'wait as long as Retry-After says, then go on',
    })
  }

  return {
    take(kind, request, tenantId, actor) {
      const address = actor.type === 'anonymous' ? options.address?.(request) : undefined
      spend(kind, JSON.stringify(address === undefined ? [tenantId, actor.type, actor.id] : [tenantId, address]))
    },
    takeRefused(request) {
      const address = options.address?.(request)
      if (address !== undefined) spend('refusedSignIn', JSON.stringify([address]))
    },
  }
}
