import type { SessionContext } from '../../entity/session-context.js'
import { allOf } from '../../storage/filter.js'
import type { DecidingConsent } from './consent-decision.js'
import type { Consent } from './consent-entity.js'

/** Which statements are read. */
export interface ConsentStatementsAsked {
  /** Who made them: contacts when left out. */
  readonly of?: { readonly entity: string; readonly path: string }
  readonly purpose: string
  readonly channel: Consent['channel']
  /** Up to this moment. */
  readonly at: string
}

const pageSize = 1_000
const contacts = { entity: 'consent', path: 'contactId' }

/** The statements of at most 1,000 subjects whose right to be read was checked, by subject. */
export async function readConsentStatements(
  context: SessionContext,
  ids: readonly string[],
  { of = contacts, purpose, channel, at }: ConsentStatementsAsked,
): Promise<Map<string, DecidingConsent[]>> {
  const bySubject = new Map<string, DecidingConsent[]>()
  for (let after: readonly [string, string] | undefined; ids.length > 0; ) {
    const page = await context.storage.find({
      entity: of.entity,
      where: allOf(
        { op: 'in', path: of.path, values: [...ids] },
        { op: 'eq', path: 'purpose', value: purpose },
        { op: 'eq', path: 'channel', value: channel },
        { op: 'lte', path: 'capturedAt', value: at },
        { op: 'isNull', path: 'deletedAt' },
      ),
      order: [of.path, 'id'],
      limit: pageSize,
      ...(after && { after }),
    })
    for (const row of page.rows) {
      const subject = row[of.path] as string
      bySubject.set(subject, [...(bySubject.get(subject) ?? []), row as unknown as DecidingConsent])
    }
    const last = page.rows.at(-1)
    if (page.done || !last) break
    after = [last[of.path] as string, last.id]
  }
  return bySubject
}
