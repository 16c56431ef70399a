import { describe, expect, test } from 'vitest'
import { failing, fakeHandler, recordId } from './fake-crm.fixture.js'

const visitor = { authenticate: () => ({ tenantId: 'acme', actor: { type: 'contact' as const, id: recordId } }) }
const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }

function formBody(fields: Record<string, string>): { body: string; headers: Record<string, string> } {
  return { body: new URLSearchParams(fields).toString(), headers: urlencoded }
}

describe('a ticket form without JavaScript', () => {
  test('opens a ticket for the visitor and sends the browser on', async () => {
    const { send, calls } = fakeHandler({}, visitor)
    const response = await send(
      'POST',
      'tickets',
      formBody({ subject: 'Parcel', description: '', returnTo: '/thanks?x=1#top' }),
    )
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/thanks?x=1#top')
    expect(calls.map(({ name, args }) => ({ name, args }))).toEqual([
      { name: 'tickets.open', args: [{ channel: 'web', subject: 'Parcel' }] },
    ])
  })

  test('accepts multipart forms', async () => {
    const data = new FormData()
    data.set('subject', 'Parcel')
    const { send, calls } = fakeHandler({}, visitor)
    expect((await send('POST', 'tickets', { body: data })).status).toBe(201)
    expect(calls[0]?.args[0]).toMatchObject({ subject: 'Parcel' })
  })

  test('goes to the configured page, and shows a plain one without any', async () => {
    const configured = fakeHandler({}, { ...visitor, ticketOpenedPage: 'https://shop.example/thanks' })
    const sent = await configured.send('POST', 'tickets', formBody({ subject: 'a' }))
    expect([sent.status, sent.headers.get('location')]).toEqual([303, 'https://shop.example/thanks'])
    const plain = await fakeHandler({}, visitor).send('POST', 'tickets', formBody({ subject: 'a' }))
    expect(plain.status).toBe(201)
    expect(plain.headers.get('content-type')).toBe('text/html; charset=utf-8')
  })

  test.each(
    [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      '/\t/evil.example',
      '/%0d%0aset-cookie:a=b\r\nx',
      'javascript:alert(1)',
      'thanks',
      '',
      ' /x',
    ].filter((address) => address !== ''),
  )('does not send the browser to %j', async (returnTo) => {
    const { send, calls } = fakeHandler({}, visitor)
    const response = await send('POST', 'tickets', formBody({ subject: 'a', returnTo }))
    expect(response.status).toBe(422)
    expect(response.headers.has('location')).toBe(false)
    expect(await response.text()).toContain('<bdi>returnTo</bdi>')
    expect(calls).toEqual([])
  })

  test('a double submit with one key opens one ticket', async () => {
    const { send, calls } = fakeHandler({}, visitor)
    const form = formBody({ subject: 'a' })
    const keyed = { ...form, headers: { ...form.headers, 'idempotency-key': 'k1' } }
    await Promise.all([send('POST', 'tickets', keyed), send('POST', 'tickets', keyed)])
    expect(calls).toHaveLength(1)
  })
})

describe('a refused form', () => {
  test('is a plain page that names the field, with markup and direction controls as harmless text', async () => {
    const path = '<script>alert(1)</script>\u202e"\'&'
    const { send } = fakeHandler(
      {
        'tickets.open': failing('validation_failed', 'x', {
          issues: [{ path, message: 'is not known; <b>remove</b> it' }],
        }),
      },
      visitor,
    )
    const response = await send('POST', 'tickets', formBody({ subject: 'a' }))
    expect(response.status).toBe(422)
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
    const page = await response.text()
    expect(page).toContain(
      '<bdi>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;</bdi>: is not known; &lt;b&gt;remove&lt;/b&gt; it',
    )
    expect(page).not.toMatch(/<script|<b>|style=|\u202e/)
  })

  test('is a page for every kind of refusal', async () => {
    const refused = fakeHandler({}, { authenticate: () => undefined })
    const response = await refused.send('POST', 'tickets', formBody({ subject: 'a' }))
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toContain('text/html')
  })

  test('comes from a page of another origin: not accepted', async () => {
    const { send, calls } = fakeHandler({}, visitor)
    const form = formBody({ subject: 'a' })
    const response = await send('POST', 'tickets', {
      ...form,
      headers: { ...form.headers, origin: 'https://evil.example' },
    })
    expect(response.status).toBe(403)
    expect(calls).toEqual([])
  })

  test.each([
    [
      'a file',
      () => {
        const data = new FormData()
        data.set('upload', new File(['x'], 'x.svg'))
        return { body: data }
      },
      422,
    ],
    ['a field given twice', () => ({ body: 'subject=a&subject=b', headers: urlencoded }), 422],
    ['too many fields', () => formBody(Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`f${n}`, 'x']))), 422],
    [
      'a form that cannot be read',
      () => ({ body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=zz' } }),
      400,
    ],
    ['a form over the limit', () => formBody({ description: 'x'.repeat(300_000) }), 413],
  ])('%s', async (_, form, status) => {
    const { send, calls } = fakeHandler({}, visitor)
    expect((await send('POST', 'tickets', form())).status).toBe(status)
    expect(calls).toEqual([])
  })
})
