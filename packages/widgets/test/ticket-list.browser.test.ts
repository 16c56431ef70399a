import '@rapport/widgets/define/ticket-list'
import type { MessageRecord, Page, RapportTicketList, TicketRecord } from '@rapport/widgets'
import { afterEach, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { settle, type } from './matrix-cases.js'
import { fails, listGateway } from './sample-gateways.js'
import { sampleMessages, sampleTickets } from './sample-view.js'
import { deferred, focused, hostileText, inside, textsInside } from './shadow-queries.js'

afterEach(() => {
  document.body.replaceChildren()
  document.documentElement.lang = 'en'
})

async function listOf(client: RapportTicketList['client']): Promise<RapportTicketList> {
  const list = document.createElement('rapport-ticket-list')
  list.client = client
  document.body.append(list)
  await settle(list)
  return list
}

async function openFirst(list: RapportTicketList): Promise<void> {
  inside(list, '.toggle').click()
  await settle(list)
}

test('tickets are listed with their progress, and a conversation opens by the keyboard', async () => {
  const list = await listOf(listGateway(sampleTickets))
  expect(textsInside(list, '.subject')).toEqual(sampleTickets.map(({ subject }) => subject))
  expect(textsInside(list, '.toggle .chip')).toEqual(['Waiting for your answer', 'In progress', 'Solved', 'Closed'])
  await userEvent.keyboard('{Tab}{Enter}')
  await settle(list)
  expect(focused()?.getAttribute('aria-expanded')).toBe('true')
  const panel = inside(list, `#${focused()!.getAttribute('aria-controls')}`)
  expect(panel.querySelectorAll('.message')).toHaveLength(2)
})

test('internal notes never reach the page', async () => {
  const list = await listOf(listGateway(sampleTickets))
  await openFirst(list)
  expect(list.shadowRoot!.textContent).not.toContain('Internal')
})

test('a reply is sent once, shown in the conversation, and its box is empty again', async () => {
  const messages: MessageRecord[] = [...sampleMessages]
  const list = await listOf(
    listGateway(sampleTickets, {
      messages: async () => ({ items: messages }),
      reply: async (_, { body }) => {
        messages.push({
          id: 'm-9',
          author: { type: 'contact' },
          visibility: 'public',
          at: '2026-09-22T08:00:00.000Z',
          body,
        })
      },
    }),
  )
  await openFirst(list)
  inside(list, 'textarea').focus()
  await userEvent.keyboard('Yes, it is correct.{Tab}{Enter}')
  await settle(list)
  expect(textsInside(list, '.bubble').at(-1)).toBe('Yes, it is correct.')
  expect(inside<HTMLTextAreaElement>(list, 'textarea').value).toBe('')
  expect(textsInside(list, '.sent')).toEqual(['Your reply was sent'])
})

test('a reply that fails keeps its text and its key, a changed one gets another key', async () => {
  const keys: (string | undefined)[] = []
  const list = await listOf(
    listGateway(sampleTickets, {
      reply: (_, __, options) => {
        keys.push(options?.idempotencyKey)
        return fails('remote_failed')()
      },
    }),
  )
  await openFirst(list)
  const press = async (): Promise<void> => {
    inside(list, '[type=submit]').click()
    await settle(list)
  }
  type(list.shadowRoot!, 'textarea', 'Still late')
  await settle(list)
  await press()
  await press()
  expect(inside<HTMLTextAreaElement>(list, 'textarea').value).toBe('Still late')
  expect(inside(list, '.problem').textContent).toContain('Your message was not sent')
  type(list.shadowRoot!, 'textarea', 'Still very late')
  await settle(list)
  await press()
  expect(keys[1]).toBe(keys[0])
  expect(keys[2]).not.toBe(keys[0])
})

test('an empty reply is not sent, and the host may veto any', async () => {
  let sent = 0
  const list = await listOf(
    listGateway(sampleTickets, {
      reply: async () => {
        sent++
      },
    }),
  )
  await openFirst(list)
  inside(list, '[type=submit]').click()
  await settle(list)
  expect(textsInside(list, '.problem')).toEqual(['Please write something first'])
  list.addEventListener('rapport-reply', (event) => event.preventDefault())
  type(list.shadowRoot!, 'textarea', 'Hello')
  await settle(list)
  inside(list, '[type=submit]').click()
  await settle(list)
  expect(sent).toBe(0)
})

test('more tickets are shown on demand', async () => {
  const list = await listOf(
    listGateway([], {
      find: async ({ cursor }) =>
        cursor ? { items: sampleTickets.slice(2) } : { items: sampleTickets.slice(0, 2), cursor: 'next' },
    }),
  )
  expect(textsInside(list, '.subject')).toHaveLength(2)
  inside(list, '.more button').click()
  await settle(list)
  expect(textsInside(list, '.subject')).toHaveLength(4)
  expect(list.shadowRoot!.querySelector('.more')).toBeNull()
})

test('of two requests under way, the later one counts whichever answers first', async () => {
  const answers = [deferred<Page<TicketRecord>>(), deferred<Page<TicketRecord>>()]
  let finds = 0
  const list = await listOf(listGateway([], { find: () => answers[finds++]!.promise }))
  list.refresh()
  answers[1]!.resolve({ items: sampleTickets })
  await settle(list)
  answers[0]!.resolve({ items: sampleTickets.slice(1) })
  await settle(list)
  expect(textsInside(list, '.subject')).toHaveLength(4)
})

test('after a failure, trying again shows the tickets', async () => {
  let calls = 0
  const list = await listOf(
    listGateway([], { find: () => (calls++ ? Promise.resolve({ items: sampleTickets }) : fails('storage_failed')()) }),
  )
  inside(list, '.notice .button').click()
  await settle(list)
  expect(textsInside(list, '.subject')).toHaveLength(4)
})

test('another visitor sees nothing of the one before: not tickets, drafts or late answers', async () => {
  const lateTickets = deferred<Page<TicketRecord>>()
  const lateMessages = deferred<Page<MessageRecord>>()
  let finds = 0
  const signals: (AbortSignal | undefined)[] = []
  const list = await listOf(
    listGateway([], {
      find: async (_, options) => {
        signals.push(options?.signal)
        return finds++ ? lateTickets.promise : { items: sampleTickets }
      },
      messages: () => lateMessages.promise,
    }),
  )
  await openFirst(list)
  type(list.shadowRoot!, 'textarea', 'private words')
  list.refresh()
  const { promise: waiting, resolve: answer } = deferred<Page<TicketRecord>>()
  list.client = listGateway([], { find: () => waiting })
  await settle(list)
  expect(list.shadowRoot!.textContent).not.toContain('Parcel')
  expect(signals.every((signal) => signal?.aborted)).toBe(true)
  lateTickets.resolve({ items: sampleTickets })
  lateMessages.resolve({ items: sampleMessages })
  await settle(list)
  expect(list.shadowRoot!.textContent).not.toContain('Parcel')
  answer({ items: [{ ...sampleTickets[0]!, subject: 'Mine' }] })
  await settle(list)
  expect(textsInside(list, '.subject')).toEqual(['Mine'])
  expect(list.shadowRoot!.querySelector('textarea')).toBeNull()
})

test('what people typed is shown, never run, and keeps its line breaks', async () => {
  const list = await listOf(
    listGateway([{ ...sampleTickets[0]!, subject: hostileText }], {
      messages: async () => ({ items: [{ ...sampleMessages[0]!, body: `${hostileText}\nsecond line` }] }),
    }),
  )
  await openFirst(list)
  expect(inside(list, '.bubble').textContent).toBe(`${hostileText}\nsecond line`)
  expect(getComputedStyle(inside(list, '.bubble')).whiteSpace).toBe('pre-wrap')
  expect(list.shadowRoot!.querySelector('img, script, svg[onload]')).toBeNull()
  expect('hacked' in window).toBe(false)
})

test('in Chinese, the list is Chinese', async () => {
  document.documentElement.lang = 'zh'
  const list = await listOf(listGateway(sampleTickets))
  await expect.poll(() => textsInside(list, 'h2')).toEqual(['您的留言'])
  expect(textsInside(list, '.toggle .chip')[0]).toBe('等待您的回复')
})
