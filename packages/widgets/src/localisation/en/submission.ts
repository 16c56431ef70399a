/** The English texts of the ticket form and the reply box. */
export const submission = {
  'form.sending': 'Sending…',
  'form.failedTitle': 'Your message was not sent',
  'form.failedBody': 'Your text is kept here; please try again.',
  'form.offlineBody': 'Your text is kept here. Send it when you are online again.',
  'form.forbiddenBody': 'Please sign in again. Your text is kept here.',
  'form.limitedBody': 'There were many messages in a short time. Your text is kept here.',
} as const
