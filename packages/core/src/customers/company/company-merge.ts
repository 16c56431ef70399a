import type { EntityChange } from '../../entity/entity-change.js'
import type { Path } from '../../storage/row.js'
import { addressEntries } from '../address/address.js'
import { lifecycleStages } from '../contact/contact.js'
import { phoneEntries } from '../contact-point/contact-point-merge.js'
import { externalRefEntries, planExternalRefTurns } from '../external-ref/external-ref-merge.js'
import { companyEntity } from './company-entity.js'

type Values = Readonly<Record<Path, unknown>>

/** What merging must know of companies. */
export const companyMerge = {
  entity: companyEntity,
  lists: { phones: phoneEntries, addresses: addressEntries, externalRefs: externalRefEntries },
  furthest: {
    lifecycleStage: ['other', ...lifecycleStages.filter((stage) => stage !== 'other')],
    type: ['other', 'prospect', 'reseller', 'partner', 'customer'],
  },
  totals: { add: [], min: [], max: ['lastActivityAt'] },
  dropped: [],
  planFollowing: (turns: readonly { id: string; before?: Values; after?: Values }[]): EntityChange[] =>
    planExternalRefTurns('company', turns),
}
