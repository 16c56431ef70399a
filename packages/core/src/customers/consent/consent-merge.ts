import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import { instantOf } from '../../kernel/instant.js'
import { compareCodePoints } from '../../kernel/text-safety.js'
import type { Row } from '../../storage/row.js'
import { planConsentMark } from './consent-mark.js'
import { isConsentGranted } from './consent-rules.js'

/** A purpose and channel for which one of several records was refused consent. */
export interface Refusal {
  readonly purpose: string
  readonly channel: string
}

/**
 * What one of the contacts refused and the statements of all together would allow, because another one granted it later. The person
 * behind them said no once, so the merged contact must not be written to until they say yes again.
 */
export async function findRefusals(context: SessionContext, contactIds: readonly string[]): Promise<Refusal[]> {
  const statements = (await Promise.all(contactIds.map((id) => statementsOf(context, id)))).flat()
  const at = instantOf(context.clock.now())
  const questions = new Map(
    statements.map(({ purpose, channel }) => [
      JSON.stringify([purpose, channel]),
      { purpose: purpose as string, channel: channel as string },
    ]),
  )
  return [...questions]
    .toSorted(([left], [right]) => compareCodePoints(left, right))
    .map(([, question]) => question)
    .filter(({ purpose, channel }) => {
      const granted = (rows: readonly Row[]): boolean => isConsentGranted(rows as never, purpose, channel, at)
      return granted(statements) && contactIds.some((id) => isRefused(statements, id, { purpose, channel }))
    })
}

/** The newest statement of this contact says no. */
function isRefused(statements: readonly Row[], contactId: string, { purpose, channel }: Refusal): boolean {
  const own = statements.filter(
    (row) => row.contactId === contactId && row.purpose === purpose && row.channel === channel,
  )
  const newest = own.reduce<string>(
    (latest, row) => ((row.capturedAt as string) > latest ? (row.capturedAt as string) : latest),
    '',
  )
  return own.some((row) => row.capturedAt === newest && row.status !== 'granted')
}

/** The statements that keep a merged contact as restricted as the strictest of its sources. */
export function planRefusals(context: SessionContext, contactId: string, refusals: readonly Refusal[]): EntityChange[] {
  return refusals.flatMap(({ purpose, channel }): EntityChange[] => [
    {
      kind: 'create',
      entity: 'consent',
      id: context.newId(),
      values: {
        contactId,
        purpose,
        channel,
        status: 'revoked',
        legalBasis: 'consent',
        capturedAt: instantOf(context.clock.now()),
        source: 'merge',
      },
      events: [{ type: 'consent.revoked', data: { contactId, purpose, channel } }],
      implied: true,
    },
    planConsentMark('contact', contactId, { purpose, channel }),
  ])
}

async function statementsOf(context: SessionContext, contactId: string): Promise<Row[]> {
  const rows: Row[] = []
  for (let after: readonly [string, string] | undefined; ; ) {
    const page = await context.storage.find({
      entity: 'consent',
      where: {
        op: 'and',
        args: [
          { op: 'isNull', path: 'deletedAt' },
          { op: 'eq', path: 'contactId', value: contactId },
        ],
      },
      order: ['-capturedAt', '-id'],
      limit: 1_000,
      ...(after && { after }),
    })
    rows.push(...page.rows)
    const last = page.rows.at(-1)
    if (page.done || !last) return rows
    after = [last.capturedAt as string, last.id]
  }
}
