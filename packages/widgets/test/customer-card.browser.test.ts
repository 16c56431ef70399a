import '@rapport/widgets/define/customer-card'
import type { CustomerView, RapportCustomerCard } from '@rapport/widgets'
import { afterEach, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { settle } from './matrix-cases.js'
import { cardGateway, fails } from './sample-gateways.js'
import { sampleView } from './sample-view.js'
import { deferred, focused, hostileText, inside, textsInside } from './shadow-queries.js'

afterEach(() => {
  document.body.replaceChildren()
  document.documentElement.lang = 'en'
})

async function cardOf(set: (card: RapportCustomerCard) => void): Promise<RapportCustomerCard> {
  const card = document.createElement('rapport-customer-card')
  card.contactId = 'c-00000'
  card.setAttribute('time-zone', 'UTC')
  set(card)
  document.body.append(card)
  await settle(card)
  return card
}

test('the card shows the person, the figures and a heading per section', async () => {
  const card = await cardOf((each) => {
    each.client = cardGateway(sampleView)
  })
  expect(textsInside(card, 'h2')).toEqual(['Ada King'])
  expect(textsInside(card, 'h3')).toEqual(['Scores', 'Profile', 'Consent', 'Tickets', 'Orders', 'Timeline'])
  expect(textsInside(card, '.figure dd')).toEqual(['$284.50', '91%', '$612.30', '14', 'Sep 1, 2026', '2'])
})

test('reasons are told in words, each with the direction of its effect', async () => {
  const card = await cardOf((each) => {
    each.client = cardGateway(sampleView)
  })
  expect(textsInside(card, '.reason').slice(0, 3)).toEqual([
    'raises itWithin the usual rhythmsince last purchase 4.1 weeks · usual gap 9.9 weeks',
    'raises itRepeat purchasesrepeat purchases 13 · since first purchase 137 weeks',
    'raises itTime since the last purchase5 / 5',
  ])
})

test('of several statements of consent, only the newest counts', async () => {
  const card = await cardOf((each) => {
    each.client = cardGateway(sampleView)
  })
  expect(textsInside(card, '.consent li')).toEqual(['Marketing · E-mailGranted', 'Marketing · Text messageRevoked'])
})

test('a ticket is opened by the keyboard', async () => {
  const card = await cardOf((each) => {
    each.client = cardGateway(sampleView)
  })
  const opened: string[] = []
  card.addEventListener('rapport-ticket-open', (event) => opened.push(event.detail.id))
  inside(card, 'button.ticket').focus()
  await userEvent.keyboard('{Enter}{Tab}')
  expect(focused()?.textContent).toContain('Which turntable')
  await userEvent.keyboard(' ')
  expect(opened).toEqual(['t-1', 't-2'])
})

test('after a failure, trying again shows the customer', async () => {
  let calls = 0
  const card = await cardOf((each) => {
    each.client = cardGateway(() => (calls++ ? Promise.resolve(sampleView) : fails('storage_failed')()))
  })
  expect(inside(card, '[role=alert]').textContent).toContain('Something went wrong')
  inside(card, '.notice .button').click()
  await settle(card)
  expect(textsInside(card, 'h2')).toEqual(['Ada King'])
})

test('the late answer about the customer before is dropped', async () => {
  const late = deferred<CustomerView>()
  const signals: (AbortSignal | undefined)[] = []
  const card = await cardOf((each) => {
    each.client = {
      contacts: {
        view360: (id, options) => {
          signals.push(options?.signal)
          return id === 'c-00000' ? late.promise : Promise.resolve({ ...sampleView, contact: { id, fullName: 'Bea' } })
        },
      },
    }
  })
  card.contactId = 'c-2'
  await settle(card)
  late.resolve(sampleView)
  await settle(card)
  expect(signals[0]?.aborted).toBe(true)
  expect(textsInside(card, 'h2')).toEqual(['Bea'])
})

test('what customers typed is shown, never run', async () => {
  const view: CustomerView = {
    ...sampleView,
    contact: {
      ...sampleView.contact,
      fullName: hostileText,
      primaryEmail: `${hostileText}@example.com`,
      tags: [hostileText],
    },
    timeline: { items: [{ ...sampleView.timeline.items[0]!, title: hostileText }] },
    tickets: { openCount: 1, items: [{ ...sampleView.tickets.items[0]!, subject: hostileText }] },
  }
  const card = await cardOf((each) => {
    each.client = cardGateway(view)
  })
  expect(inside(card, 'h2').textContent).toBe(hostileText)
  expect(card.shadowRoot!.querySelector('img, script, svg[onload]')).toBeNull()
  expect(inside<HTMLAnchorElement>(card, 'a').protocol).toBe('mailto:')
  expect('hacked' in window).toBe(false)
})

test('in Chinese, words, amounts and days are Chinese', async () => {
  document.documentElement.lang = 'zh'
  const card = await cardOf((each) => {
    each.client = cardGateway(sampleView)
  })
  await expect.poll(() => textsInside(card, 'h3')).toContain('时间线')
  expect(textsInside(card, '.figure dd')).toContain('2026年9月1日')
})

test('the state is reflected for the host’s own CSS', async () => {
  const card = await cardOf((each) => {
    each.client = cardGateway(fails('access_denied'))
  })
  expect(card.matches(':state(forbidden)')).toBe(true)
  card.client = cardGateway(sampleView)
  await settle(card)
  expect(card.matches(':state(ready)')).toBe(true)
  expect(card.matches(':state(forbidden)')).toBe(false)
})
