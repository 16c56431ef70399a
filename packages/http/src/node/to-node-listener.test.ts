import { createServer, request as nodeRequest, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type FetchHandler, type NodeListenerOptions, toNodeListener } from './to-node-listener.js'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

async function serve(handler: FetchHandler, options?: NodeListenerOptions): Promise<string> {
  const server = createServer(toNodeListener(handler, options))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Sends bytes as they are and gives everything that comes back. */
function raw(base: string, text: string): Promise<string> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(text))
    socket.setEncoding('latin1').on('data', (part: string) => (answer += part))
    socket.on('close', () => resolve(answer)).on('error', reject)
  })
}

describe('requests', () => {
  test('arrive with method, address, headers and body', async () => {
    const base = await serve(async (request) => {
      const { pathname, search, origin } = new URL(request.url)
      const body = await request.text()
      return Response.json({ method: request.method, pathname, search, origin, x: request.headers.get('x-a'), body })
    })
    const response = await fetch(`${base}/a/b?c=1`, { method: 'POST', body: 'héllo', headers: { 'x-a': '1' } })
    expect(await response.json()).toEqual({
      method: 'POST',
      pathname: '/a/b',
      search: '?c=1',
      origin: base,
      x: '1',
      body: 'héllo',
    })
  })

  test('have the origin that the host configured, whatever the Host header says', async () => {
    const base = await serve((request) => new Response(request.url), { origin: 'https://shop.example' })
    expect(await (await fetch(`${base}/x`, { headers: { host: 'evil.example' } })).text()).toBe(
      'https://shop.example/x',
    )
  })

  test('cannot name another host in their target', async () => {
    const base = await serve((request) => new Response(request.url))
    const answer = await raw(base, 'GET //evil.example/x HTTP/1.1\r\nhost: good.example\r\nconnection: close\r\n\r\n')
    expect(answer).toContain('http://good.example//evil.example/x')
  })

  test.each([
    'GET http://evil.example/ HTTP/1.1\r\nhost: good.example',
    'OPTIONS * HTTP/1.1\r\nhost: good.example',
    'GET / HTTP/1.1\r\nhost: user:pass@good.example',
    'GET / HTTP/1.1\r\nhost: a b',
  ])('that cannot be read are 400: %j', async (head) => {
    let called = false
    const base = await serve(() => {
      called = true
      return new Response()
    })
    expect(await raw(base, `${head}\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /)
    expect(called).toBe(false)
  })

  test('with headers over the limit are 431', async () => {
    const base = await serve(() => new Response(), { maxHeaderBytes: 1000 })
    expect((await fetch(base, { headers: { 'x-long': 'x'.repeat(1000) } })).status).toBe(431)
  })

  test('that announce a body over the limit are 413', async () => {
    const base = await serve(async (request) => new Response(await request.text()), { maxBodyBytes: 100 })
    expect((await fetch(base, { method: 'POST', body: 'x'.repeat(100) })).status).toBe(200)
    const answer = await raw(base, 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 101\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  test('that send more than the limit without announcing it fail while being read', async () => {
    let failure: unknown
    const base = await serve(
      async (request) => {
        await request.text().catch((error: unknown) => (failure = error))
        return new Response('read', { status: 400 })
      },
      { maxBodyBytes: 100 },
    )
    const chunk = `${(200).toString(16)}\r\n${'x'.repeat(200)}\r\n`
    await raw(
      base,
      `POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n${chunk}0\r\n\r\n`,
    )
    expect(failure).toBeInstanceOf(Error)
  })
})

describe('responses', () => {
  test('keep status, headers and every cookie', async () => {
    const headers = new Headers({ 'x-a': '1' })
    headers.append('set-cookie', 'a=1')
    headers.append('set-cookie', 'b=2')
    const response = await fetch(await serve(() => new Response(null, { status: 204, headers })))
    expect([response.status, response.headers.get('x-a'), response.headers.getSetCookie()]).toEqual([
      204,
      '1',
      ['a=1', 'b=2'],
    ])
  })

  test('stream as they are made', async () => {
    let push: ReadableStreamDefaultController<Uint8Array> | undefined
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        push = controller
      },
    })
    const response = await fetch(await serve(() => new Response(body)))
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    push?.enqueue(new TextEncoder().encode('first'))
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('first')
    push?.close()
    expect((await reader.read()).done).toBe(true)
  })

  test('wait for a slow reader instead of filling memory', async () => {
    let made = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          made++
          if (made > 2000) controller.close()
          else controller.enqueue(new Uint8Array(65_536))
        },
      },
      { highWaterMark: 0 },
    )
    const base = await serve(() => new Response(body))
    await new Promise<void>((resolve) => {
      const call = nodeRequest(base, (incoming) => {
        incoming.pause()
        setTimeout(() => {
          expect(made).toBeLessThan(1000)
          call.destroy()
          resolve()
        }, 150)
      })
      call.on('error', () => undefined).end()
    })
  })

  test('of a handler that throws are a bare 500', async () => {
    const response = await fetch(await serve(() => Promise.reject(new Error('secret'))))
    expect(response.status).toBe(500)
    expect(await response.text()).toBe('')
  })
})

test('the signal fires when the client goes away, and not when it stays', async () => {
  let aborted = false
  let started = (): void => {}
  const running = new Promise<void>((resolve) => (started = resolve))
  const ended = new Promise<void>((resolve) => {
    serve(async (request) => {
      if (new URL(request.url).pathname === '/quick') return new Response('ok')
      request.signal.addEventListener('abort', () => {
        aborted = true
        resolve()
      })
      started()
      await new Promise((done) => setTimeout(done, 500))
      return new Response('late')
    }).then(async (base) => {
      expect(await (await fetch(`${base}/quick`)).text()).toBe('ok')
      expect(aborted).toBe(false)
      const controller = new AbortController()
      fetch(base, { signal: controller.signal }).catch(() => undefined)
      await running
      controller.abort()
    })
  })
  await ended
  expect(aborted).toBe(true)
})

test('an origin that is none is a TypeError', () => {
  expect(() => toNodeListener(() => new Response(), { origin: 'shop.example' })).toThrow(TypeError)
})
