import type { EntityChange } from '../../entity/entity-change.js'
import type { Path } from '../../storage/row.js'
import { addressEntries } from '../address/address.js'
import { findRefusals, planRefusals, type Refusal } from '../consent/consent-merge.js'
import type { Email, Phone } from '../contact-point/contact-point.js'
import { planContactPoints } from '../contact-point/contact-point-entity.js'
import { emailEntries, phoneEntries } from '../contact-point/contact-point-merge.js'
import { externalRefEntries, planExternalRefTurns } from '../external-ref/external-ref-merge.js'
import { lifecycleStages } from './contact.js'
import { contactEntity } from './contact-entity.js'
import { deriveContact } from './contact-rules.js'

type Values = Readonly<Record<Path, unknown>>

interface Turn {
  readonly id: string
  readonly before?: Values
  readonly after?: Values
}

const none = { emails: [], phones: [] }

/** What merging must know of contacts. */
export const contactMerge = {
  entity: contactEntity,
  lists: { emails: emailEntries, phones: phoneEntries, addresses: addressEntries, externalRefs: externalRefEntries },
  furthest: { lifecycleStage: ['other', ...lifecycleStages.filter((stage) => stage !== 'other')] },
  totals: { add: ['orderCount'], min: ['firstOrderAt'], max: ['lastOrderAt', 'lastActivityAt'] },
  dropped: [...contactEntity.fields.keys()].filter((path) => path.startsWith('scores.')),
  /** Points and refs that go from contact to contact, and the names that follow. */
  planFollowing(turns: readonly Turn[]): EntityChange[] {
    const points = turns.flatMap(({ id, before, after }) =>
      planContactPoints({ contactId: id }, before ? listsOf(before) : none, after ? listsOf(after) : none),
    )
    return [
      // An address must be free before another contact takes it.
      ...points.filter(({ kind }) => kind === 'unproject'),
      ...points.filter(({ kind }) => kind !== 'unproject'),
      ...planExternalRefTurns('contact', turns),
      ...turns.flatMap(({ id, before, after }) => (after ? planNames(id, before, after) : [])),
    ]
  },
  findRestrictions: findRefusals,
  planRestrictions: (context: Parameters<typeof planRefusals>[0], id: string, refusals: readonly unknown[]) =>
    planRefusals(context, id, refusals as readonly Refusal[]),
}

function planNames(id: string, before: Values | undefined, after: Values): EntityChange[] {
  const { derived } = deriveContact({
    ...(typeof after.firstName === 'string' && { firstName: after.firstName }),
    ...(typeof after.lastName === 'string' && { lastName: after.lastName }),
    ...listsOf(after),
  })
  const set = Object.fromEntries(Object.entries(derived).filter(([path, value]) => (before?.[path] ?? null) !== value))
  return Object.keys(set).length > 0 ? [{ kind: 'derive', entity: 'contact', id, set }] : []
}

function listsOf(row: Values): { emails: readonly Email[]; phones: readonly Phone[] } {
  return {
    emails: (row.emails as readonly Email[] | undefined) ?? [],
    phones: (row.phones as readonly Phone[] | undefined) ?? [],
  }
}
