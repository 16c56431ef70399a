import { expect, test } from 'vitest'
import { listGateway } from '../../test/sample-gateways.js'
import { sampleMessages } from '../../test/sample-view.js'
import { allMessages, readableMessages, takesReplies } from './conversation.js'

test('internal notes are left out and the rest is oldest first', () => {
  expect(readableMessages([...sampleMessages].reverse()).map(({ id }) => id)).toEqual(['m-1', 'm-3'])
})

test('a long conversation is loaded page after page', async () => {
  const [first, ...rest] = sampleMessages
  const client = listGateway([], {
    messages: async (_, query) => (query?.cursor ? { items: rest } : { items: [first!], cursor: 'next' }),
  })
  expect(await allMessages(client, 't-1', new AbortController().signal)).toEqual(sampleMessages)
})

test('closed tickets take no replies, solved ones do', () => {
  expect(['open', 'resolved', 'closed', 'merged', 'spam'].map(takesReplies)).toEqual([true, true, false, false, false])
})
