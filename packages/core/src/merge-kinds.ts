import { companyMatch } from './customers/company/company-match.js'
import { companyMerge } from './customers/company/company-merge.js'
import { contactMatch } from './customers/contact/contact-match.js'
import { contactMerge } from './customers/contact/contact-merge.js'
import type { MatchKinds, MergeKinds } from './data-quality/index.js'
import { planTimeline, planTimelineRemoval, type TimelineFact } from './engagement/index.js'
import { settleRollUp } from './sales/index.js'
import type { Row } from './storage/row.js'

/** The kinds of record that can be compared with each other. */
export const matchKinds: MatchKinds = { contact: contactMatch, company: companyMatch }

/** The kinds of record that can be merged, put together from the domains that own them. */
export const mergeKinds: MergeKinds = {
  byName: { contact: { ...contactMerge, settleTotals: settleRollUp }, company: companyMerge },
  planLine: (line, subject) => planTimeline([subject], factOf(line)),
  planLineRemoval: (line) =>
    planTimelineRemoval(
      [{ type: line.subjectType as string, id: line.subjectId as string }],
      line.recordType as string,
      line.recordId as string,
    ),
}

function factOf({ at, recordType, recordId, title, visibility }: Row): TimelineFact {
  return { at, recordType, recordId, title, visibility } as TimelineFact
}
