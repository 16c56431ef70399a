import '@rapport/widgets/define/ticket-form'
import type { RapportTicketForm, TicketDraft } from '@rapport/widgets'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { settle, type } from './matrix-cases.js'
import { fails, formGateway } from './sample-gateways.js'
import { focused, hostileText, inside, textsInside } from './shadow-queries.js'

afterEach(() => {
  document.body.replaceChildren()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

async function formOf(set: (form: RapportTicketForm) => void): Promise<RapportTicketForm> {
  const form = document.createElement('rapport-ticket-form')
  set(form)
  document.body.append(form)
  await settle(form)
  return form
}

async function send(form: RapportTicketForm, subject: string, message: string): Promise<void> {
  type(form.shadowRoot!, '#subject', subject)
  type(form.shadowRoot!, '#message', message)
  inside(form, '[type=submit]').click()
  await settle(form)
}

test('by the keyboard alone, a ticket is filed and the thanks have the focus', async () => {
  const sent: TicketDraft[] = []
  const form = await formOf((each) => {
    each.client = formGateway(async (input) => {
      sent.push(input)
      return { id: 't-9', number: 1043 }
    })
  })
  await userEvent.keyboard('{Tab}{ArrowDown}{Tab}Parcel never came{Tab}It is late.{Enter}Please help.{Tab}{Enter}')
  await settle(form)
  expect(sent).toEqual([
    { type: 'question', subject: 'Parcel never came', description: 'It is late.\nPlease help.', channel: 'web' },
  ])
  expect(focused()?.id).toBe('sent')
  expect(focused()?.textContent).toContain('Your ticket number is 1043.')
})

test('missing answers are listed in a summary that has the focus and leads to each field', async () => {
  const form = await formOf((each) => {
    each.client = formGateway()
  })
  inside(form, '[type=submit]').click()
  await settle(form)
  expect(focused()?.id).toBe('summary')
  expect(textsInside(form, '#summary button')).toEqual(['Please fill in “Subject”', 'Please fill in “Message”'])
  await userEvent.keyboard('{Tab}{Tab}{Enter}')
  await settle(form)
  expect(focused()?.id).toBe('message')
  expect(focused()?.getAttribute('aria-invalid')).toBe('true')
  const described = focused()!.getAttribute('aria-describedby')!.split(' ')
  expect(described.map((id) => inside(form, `#${id}`).textContent)).toContain('Please fill in “Message”')
  await userEvent.keyboard('x')
  await settle(form)
  expect(inside(form, '#message').getAttribute('aria-invalid')).toBeNull()
})

test('what the server refuses is shown at its field', async () => {
  const issues = [{ path: 'description', message: 'must be in English' }]
  const form = await formOf((each) => {
    each.client = formGateway(() => Promise.reject(Object.assign(new Error(), { code: 'validation_failed', issues })))
  })
  await send(form, 'Hi', 'Hallo')
  expect(inside(form, '#message-problem').textContent).toBe('must be in English')
  expect(inside<HTMLTextAreaElement>(form, '#message').value).toBe('Hallo')
})

test('the host may veto a submission', async () => {
  const open = vi.fn(async () => ({}))
  const form = await formOf((each) => {
    each.client = formGateway(open)
    each.addEventListener('rapport-submit', (event) => event.preventDefault())
  })
  await send(form, 'Hi', 'There')
  expect(open).not.toHaveBeenCalled()
})

test('trying again after a failure keeps the text and the idempotency key', async () => {
  const keys: (string | undefined)[] = []
  const form = await formOf((each) => {
    each.client = formGateway((_, options) => {
      keys.push(options?.idempotencyKey)
      return keys.length === 1 ? fails('remote_failed')() : Promise.resolve({ id: 't-1' })
    })
  })
  await send(form, 'Hi', 'There')
  expect(focused()?.id).toBe('failure')
  expect(inside<HTMLTextAreaElement>(form, '#message').value).toBe('There')
  inside(form, '[type=submit]').click()
  await settle(form)
  expect(keys[0]).toMatch(/^[\da-f-]{36}$/)
  expect(keys[1]).toBe(keys[0])
  expect(textsInside(form, '#sent strong')).toEqual(['Thank you, we have your message'])
})

test('a rate limit counts down, keeps the text, and sends nothing meanwhile', async () => {
  let calls = 0
  const form = await formOf((each) => {
    each.client = formGateway(() => {
      calls++
      return fails('rate_limited', { retryAfterMs: 2000 })()
    })
  })
  await send(form, 'Hi', 'There')
  expect(textsInside(form, '[role=timer]')).toEqual(['Try again in 2 seconds'])
  inside(form, '[type=submit]').click()
  await settle(form)
  expect(calls).toBe(1)
  expect(inside<HTMLTextAreaElement>(form, '#message').value).toBe('There')
  await expect.poll(() => textsInside(form, '[type=submit]')).toEqual(['Send message'])
})

test('offline, the text is kept and the notice goes when the network is back', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  const form = await formOf((each) => {
    each.client = formGateway(() => Promise.reject(new TypeError('Failed to fetch')))
  })
  await send(form, 'Hi', 'There')
  expect(textsInside(form, '#failure strong')).toEqual(['You are offline'])
  window.dispatchEvent(new Event('online'))
  await settle(form)
  expect(form.shadowRoot!.querySelector('#failure')).toBeNull()
  expect(inside<HTMLTextAreaElement>(form, '#message').value).toBe('There')
})

test('a member may open a ticket for a contact', async () => {
  const sent: TicketDraft[] = []
  const form = await formOf((each) => {
    each.setAttribute('contact-id', 'c-8')
    each.client = formGateway(async (input) => {
      sent.push(input)
      return {}
    })
  })
  await send(form, 'Hi', 'There')
  expect(sent.map(({ contactId }) => contactId)).toEqual(['c-8'])
})

test('another visitor finds an empty form', async () => {
  const form = await formOf((each) => {
    each.client = formGateway()
  })
  type(form.shadowRoot!, '#message', 'private words')
  form.client = formGateway()
  await settle(form)
  expect(inside<HTMLTextAreaElement>(form, '#message').value).toBe('')
})

describe('a plain form inside', () => {
  function plainForm(): RapportTicketForm {
    const host = document.createElement('rapport-ticket-form')
    const form = document.createElement('form')
    form.method = 'post'
    form.action = '/api/v1/tickets'
    for (const [tag, name, value] of [
      ['input', 'returnTo', '/thanks'],
      ['input', 'subject', 'Typed early'],
      ['textarea', 'description', ''],
    ] as const) {
      const control = document.createElement(tag)
      control.name = name
      control.value = value
      form.append(control)
    }
    host.append(form)
    return host
  }

  test('is taken over with what was typed, and sent where it would go', async () => {
    const requests: [string, RequestInit][] = []
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      requests.push([url, init])
      return new Response(null, { status: 201 })
    })
    const host = plainForm()
    document.body.append(host)
    await settle(host)
    expect(inside<HTMLInputElement>(host, '#subject').value).toBe('Typed early')
    expect(host.shadowRoot!.querySelector('#type')).toBeNull()
    type(host.shadowRoot!, '#message', 'And now the rest')
    inside(host, '[type=submit]').click()
    await settle(host)
    const [url, init] = requests[0]!
    expect(new URL(url).pathname).toBe('/api/v1/tickets')
    expect(Object.fromEntries(init.body as URLSearchParams)).toEqual({
      returnTo: '/thanks',
      subject: 'Typed early',
      description: 'And now the rest',
      channel: 'web',
    })
    expect(new Headers(init.headers).get('idempotency-key')).toMatch(/^[\da-f-]{36}$/)
    expect(focused()?.id).toBe('sent')
  })

  test('that is refused says why at the field, and how long to wait', async () => {
    const problem = { code: 'validation_failed', issues: [{ path: 'subject', message: 'must be kinder' }] }
    const answers = [
      new Response(JSON.stringify(problem), { status: 422, headers: { 'content-type': 'application/problem+json' } }),
      new Response('<p>Slow down</p>', { status: 429, headers: { 'retry-after': '9' } }),
    ]
    vi.stubGlobal('fetch', async () => answers.shift())
    const host = plainForm()
    document.body.append(host)
    await settle(host)
    await send(host, 'Hi', 'There')
    expect(inside(host, '#subject-problem').textContent).toBe('must be kinder')
    await send(host, 'Hello', 'There')
    expect(textsInside(host, '[role=timer]')).toEqual(['Try again in 9 seconds'])
  })
})

test('what a server says is shown, never run', async () => {
  const issues = [{ path: 'subject', message: hostileText }]
  const form = await formOf((each) => {
    each.client = formGateway(() => Promise.reject(Object.assign(new Error(), { code: 'validation_failed', issues })))
  })
  await send(form, hostileText, hostileText)
  expect(inside(form, '#subject-problem').textContent).toBe(hostileText)
  expect(form.shadowRoot!.querySelector('img, script, svg[onload]')).toBeNull()
  expect('hacked' in window).toBe(false)
})
