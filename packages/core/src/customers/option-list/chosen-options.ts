import type { SessionContext } from '../../entity/session-context.js'
import { type ValidationIssue, validationError } from '../../kernel/crm-error.js'
import type { GuardedSession } from '../../storage/guarded-session.js'
import { type CustomerOption, type OptionField, optionFields, optionPresets } from './option-list.js'
import { optionListId } from './option-list-entity.js'

type Lists = Readonly<Record<OptionField, readonly CustomerOption[]>>

const lifetimeMs = 30_000
const kept = new WeakMap<GuardedSession, { readonly expiresAt: number; readonly lists: Promise<Lists> }>()

/** What each field may have in the tenant. Read once for a session and kept for half a minute. */
export async function readOptionLists(context: SessionContext): Promise<Lists> {
  const now = context.clock.now()
  let entry = kept.get(context.storage)
  if (!entry || entry.expiresAt <= now) {
    entry = { expiresAt: now + lifetimeMs, lists: read(context) }
    kept.set(context.storage, entry)
    entry.lists.catch(() => kept.delete(context.storage))
  }
  return entry.lists
}

/** Call after a change of the tenant's lists. */
export function forgetOptionLists(context: SessionContext): void {
  kept.delete(context.storage)
}

/**
 * Refuses values that the tenant's lists do not have. A value that was there before may stay when its option is gone.
 * Throws `validation_failed`.
 */
export async function refuseUnknownOptions(
  context: SessionContext,
  values: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const chosen = optionFields.filter((field) => typeof values[field] === 'string' && values[field] !== before[field])
  if (chosen.length === 0) return
  const lists = await readOptionLists(context)
  const issues = chosen.flatMap((field): ValidationIssue[] => {
    const keys = lists[field].map(({ key }) => key)
    return keys.includes(values[field] as string)
      ? []
      : [{ path: field, message: `must be one of ${keys.join(', ')}, or be added to the tenant's list` }]
  })
  if (issues.length > 0) throw validationError(issues)
}

async function read({ storage }: SessionContext): Promise<Lists> {
  const rows = await storage.getMany('optionList', optionFields.map(optionListId))
  const own = rows.flatMap((row) =>
    row && row.deletedAt === undefined ? [[row.field as OptionField, row.options as CustomerOption[]] as const] : [],
  )
  return { ...optionPresets, ...Object.fromEntries(own) }
}
