import type { FieldCopies } from './entity/encryption/encryption-plan.js'

/** Where the domains keep values that stem from a field, so that none of them stays readable when the field is encrypted. */
export const fieldCopies: FieldCopies = {
  of: {
    'contact.firstName': ['contact.fullName'],
    'contact.lastName': ['contact.fullName'],
    'contact.emails': ['contact.primaryEmail', 'contactPoint.value'],
    'contact.phones': ['contact.primaryPhone', 'contactPoint.value'],
    'contact.primaryEmail': ['contact.emails'],
    'contact.primaryPhone': ['contact.phones'],
    'contactPoint.value': ['contact.emails', 'contact.phones'],
    'contact.fullName': ['contact.firstName', 'contact.lastName'],
    'ticket.subject': ['timelineEntry.title'],
    'ticket.description': ['message.body'],
    'activity.subject': ['timelineEntry.title'],
    'timelineEntry.title': ['ticket.subject', 'activity.subject'],
  },
  ofAny: [
    'importBatch.rows',
    'mergePreImage.row',
    'savedView.where',
    'segment.definition',
    'recycleRule.where',
    'recycleRule.except',
    'recycleRule.unless',
  ],
  never: {
    'contact.externalRefs': 'other systems find the record by them',
  },
}
