import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRapportClient } from '@rapport/http/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeDataPagesInBrowser, staff } from './data-pages-in-browser.fixture.js'
import type { DemoFacts } from './demo-facts.js'
import { type DemoProcess, startDemo } from './demo-process.fixture.js'
import { describePagesInBrowser } from './pages-in-browser.fixture.js'
import { readCdnow } from './read-cdnow.js'

const firstStart = 'scripts/start-demo.mjs'
/** What the first start built. */
const laterStart = 'examples/shop-demo/dist/start.js'

let folder: string
let demo: DemoProcess
let address: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-demo-'))
  demo = startDemo(firstStart, { DATA_DIR: folder })
  address = await demo.ready()
}, 300_000)

afterAll(async () => {
  await demo?.stop('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** The session cookie of the first customer who is offered. */
async function signIn(): Promise<string> {
  const page = await (await fetch(`${address}/`)).text()
  const customer = /name="customer" value="(\d+)"/.exec(page)?.[1] ?? ''
  const response = await fetch(`${address}/session`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: address },
    body: new URLSearchParams({ customer }),
  })
  expect(response.status).toBe(303)
  const cookie = response.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict;/)
  return cookie.split(';', 1)[0] ?? ''
}

function postTicket(headers: Readonly<Record<string, string>>, subject: string): Promise<Response> {
  return fetch(`${address}/api/v1/tickets`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams({
      subject,
      description: 'Sent as a plain form.',
      type: 'question',
      returnTo: '/?ticket=sent#help',
    }),
  })
}

describe('after the first start', () => {
  test('every purchase of the log is an order of its customer, by its line', async () => {
    const log = readCdnow(readFileSync(new URL('data/cdnow_sample.csv', import.meta.url), 'utf8'), 'cdnow_sample.csv')
    const stored = new Map<string, string>()
    const customers = new Map<string, string>()
    for await (const { id, externalRefs } of staff(address).contacts.each({ limit: 500 })) {
      customers.set(id, externalRefs[0]?.externalId ?? '')
    }
    for await (const order of staff(address).orders.each({ limit: 500 })) {
      const { externalRefs, contactId, placedAt, total, status } = order
      expect(externalRefs[0]?.system).toBe('cdnow')
      stored.set(
        externalRefs[0]?.externalId ?? '',
        `${customers.get(contactId)} ${placedAt} ${total.amountMinor} ${total.currency} ${status}`,
      )
    }
    expect(customers.size).toBe(2_357)
    expect(stored.size).toBe(6_919)
    const expected = log.map(({ line, customerId, day, price }): [string, string] => [
      String(line),
      `${customerId} ${day}T00:00:00.000Z ${price.amountMinor} USD completed`,
    ])
    expect([...stored].sort()).toEqual(expected.sort())
  }, 60_000)

  // Published: Fader, Hardie & Lee (2005) for BG/NBD; Fader & Hardie, note 025, for Gamma-Gamma.
  test.each([
    ['r', '0.243'],
    ['α', '4.414'],
    ['a', '0.793'],
    ['b', '2.426'],
    ['LL', '−9582.4'],
    ['p', '6.25'],
    ['q', '3.74'],
    ['v', '15.44'],
  ])('the back office shows %s as published: %s', async (symbol, published) => {
    const page = await (await fetch(`${address}/admin`)).text()
    expect(page).toContain(`<td data-parameter="${symbol}">${published}</td><td>${published}</td>`)
  })

  test('the back office says how much there is, as of when, and what is invented', async () => {
    const page = await (await fetch(`${address}/admin`)).text()
    expect(page).toContain('data-fact="customers">2,357<')
    expect(page).toContain('data-fact="orders">6,919<')
    expect(page).toContain('Scores as of <b>30 September 1997</b>')
    expect(page).toContain('<b>Invented</b>')
    const facts = (await (await fetch(`${address}/demo/facts`)).json()) as DemoFacts
    expect(facts.segments.reduce((sum, { customers }) => sum + customers, 0)).toBe(2_357)
  })

  test('the back office draws the scores of all customers, each customer once', async () => {
    const page = await (await fetch(`${address}/admin`)).text()
    const [, matrix = ''] = /<table class="matrix">(.*?)<\/table>/s.exec(page) ?? []
    const cells = [...matrix.matchAll(/<b>([\d,]+)<\/b>/g)].map(([, count = '']) => Number(count.replace(',', '')))
    expect(cells.reduce((sum, count) => sum + count, 0)).toBe(2_357)
    expect(matrix).toContain('<b>224</b><small>Champions</small>')
    // The totals of docs/scoring/cdnow.md, which its own tests hold to the papers.
    expect(page).toContain('4,339 in fact, 4,166 expected')
    expect(page).toContain('<td data-expected="39">2,502</td>')
    expect(page).toContain('<td>$40,609</td>')
  })

  test('an idle connection stays open longer than clients keep one, so that none is reused as it ends', async () => {
    expect((await fetch(`${address}/`)).headers.get('keep-alive')).toBe('timeout=75')
  })

  test('every answer carries the strict policy', async () => {
    for (const path of ['/', '/admin', '/admin/import', '/assets/admin.js', '/nothing', '/api/v1/me']) {
      const { headers } = await fetch(address + path)
      expect(headers.get('content-security-policy'), path).toBe(
        "default-src 'none'; script-src 'self'; style-src 'none'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      )
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('referrer-policy'), path).toBe('same-origin')
    }
  })

  test.each([
    '/assets/../start.js',
    '/assets/..%2Fstart.js',
    '/assets/admin.js/..',
    '/assets/',
    '/package.json',
    '//assets/admin.js',
  ])('the path %s leads to no file', async (path) => {
    expect(await statusOf(path, {})).toBe(404)
  })

  test('a page elsewhere can neither use forms and tokens nor the server under its own name', async () => {
    for (const path of ['/session', '/session/rapport-token', '/demo/admin-token', '/consent/confirm']) {
      for (const origin of ['https://evil.example', 'null', undefined]) {
        const headers = new Headers(origin === undefined ? [] : [['origin', origin]])
        expect((await fetch(address + path, { method: 'POST', headers })).status, path).toBe(403)
      }
    }
    expect(await statusOf('/admin', { host: 'evil.example' })).toBe(421)
  })

  test('a token is for the customer of the shop’s session alone', async () => {
    const route = `${address}/session/rapport-token`
    expect((await fetch(route, { method: 'POST', headers: { origin: address } })).status).toBe(401)
    const cookie = await signIn()
    const response = await fetch(route, { method: 'POST', headers: { origin: address, cookie } })
    const { token } = (await response.json()) as { token: string }
    const client = createRapportClient({ baseUrl: `${address}/api/v1`, getToken: async () => token })
    const { actor } = await client.me()
    expect(actor.type).toBe('contact')
    const own = await client.contacts.find({ limit: 10 })
    expect(own.items.map(({ id }) => id)).toEqual([actor.id])
    const [stranger] = (await staff(address).contacts.find({ where: { id: { ne: actor.id } }, limit: 1 })).items
    await expect(client.contacts.get(stranger?.id ?? '')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('the plain form files a ticket with the cookie of this shop, and with no other', async () => {
    const cookie = await signIn()
    expect((await postTicket({ origin: address }, 'without a session')).status).toBe(401)
    expect((await postTicket({ origin: 'https://evil.example', cookie }, 'from elsewhere')).status).toBe(403)
    const filed = await postTicket({ origin: address, cookie }, 'Filed before the restart')
    expect([filed.status, filed.headers.get('location')]).toEqual([303, '/?ticket=sent#help'])
    const { items } = await staff(address).tickets.find({ orderBy: ['-createdAt'], limit: 3 })
    expect(items[0]).toMatchObject({ subject: 'Filed before the restart', category: 'new', channel: 'web' })
    expect(items.map(({ subject }) => subject)).not.toContain('from elsewhere')
  })
})

describePagesInBrowser(() => address)
describeDataPagesInBrowser(() => address)

describe('what a person can mend is one sentence, and exit code 1', () => {
  async function refusal(environment: Readonly<Record<string, string>>): Promise<string> {
    const other = startDemo(laterStart, environment)
    expect(await other.ended).toEqual({ code: 1, signal: null })
    const { stderr } = other.output
    expect(stderr).toMatch(/^[^\n]+\.\n$/)
    return stderr.trimEnd()
  }
  const elsewhere = (): string => join(folder, 'elsewhere')

  test('a used port', async () => {
    const { port } = new URL(address)
    expect(await refusal({ PORT: port, DATA_DIR: elsewhere() })).toBe(
      `Port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another with PORT.`,
    )
    expect(existsSync(join(elsewhere(), 'shop-demo.lock'))).toBe(false)
  })

  test('a directory that another process has', async () => {
    expect(await refusal({ DATA_DIR: folder })).toMatch(
      /^The data directory \S+ is in use by process \d+: stop that demo, or choose another directory with DATA_DIR\.$/,
    )
  })

  test('a directory that cannot be written', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    expect(await refusal({ DATA_DIR: join(file, 'below') })).toMatch(
      /^The data directory \S+ cannot be written \(ENOTDIR\)/,
    )
  })

  test('a broken line of the log', async () => {
    const log = join(folder, 'broken.csv')
    writeFileSync(log, 'master_id,customer_id,date,cds,price\n4,1,1997-01-01,2,29.33\n4,1,1997-01-32,2,29.33\n')
    expect(await refusal({ CDNOW_CSV: log, DATA_DIR: elsewhere() })).toBe(
      'broken.csv, line 3: date "1997-01-32" is not a day such as 1997-01-18.',
    )
  })

  test('a log that is not there', async () => {
    const log = join(folder, 'nowhere.csv')
    expect(await refusal({ CDNOW_CSV: log, DATA_DIR: elsewhere() })).toBe(
      `The purchase log ${log} cannot be read (ENOENT): check CDNOW_CSV.`,
    )
  })

  test('a database that is damaged', async () => {
    const damaged = join(folder, 'damaged')
    mkdirSync(join(damaged, 'database'), { recursive: true })
    writeFileSync(join(damaged, 'database', 'PG_VERSION'), 'none')
    writeFileSync(join(damaged, 'shop-demo.json'), JSON.stringify({ databaseComplete: true }))
    expect(await refusal({ DATA_DIR: damaged })).toMatch(
      /^The database \S+ cannot be opened: delete the data directory to begin anew, or choose another with DATA_DIR\.$/,
    )
  })

  test('a port that is none, and an address of another machine', async () => {
    expect(await refusal({ PORT: 'http' })).toBe('PORT must be a whole number from 0 to 65535, not "http".')
    expect(await refusal({ HOST: '192.0.2.1', DATA_DIR: elsewhere() })).toBe(
      '192.0.2.1 is no address of this machine: choose another with HOST.',
    )
  })
})

describe('stopping and starting again', () => {
  const imports = /Customers|Purchases|Invented|Scores/

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s closes cleanly, and the next start has everything without importing again',
    async (signal) => {
      expect(await demo.stop(signal)).toEqual({ code: 0, signal: null })
      expect(demo.output.stderr).toBe('')
      expect(existsSync(join(folder, 'shop-demo.lock'))).toBe(false)
      demo = startDemo(laterStart, { DATA_DIR: folder })
      address = await demo.ready()
      expect(demo.output.stdout.split('Storefront')[0]).not.toMatch(imports)
      const facts = (await (await fetch(`${address}/demo/facts`)).json()) as DemoFacts
      expect([facts.customers, facts.orders]).toEqual([2_357, 6_919])
      const { items } = await staff(address).tickets.find({ where: { subject: 'Filed before the restart' } })
      expect(items).toHaveLength(1)
    },
    60_000,
  )

  test('a process that was killed leaves no lock that would keep the next one out', async () => {
    await demo.stop('SIGKILL')
    expect(existsSync(join(folder, 'shop-demo.lock'))).toBe(true)
    demo = startDemo(laterStart, { DATA_DIR: folder })
    address = await demo.ready()
    expect(demo.output.stdout.split('Storefront')[0]).not.toMatch(imports)
  }, 60_000)

  test('while it imports, visitors are asked to wait, and Ctrl-C is no failure', async () => {
    const early = startDemo(laterStart, { DATA_DIR: join(folder, 'early') })
    await early.said('Database')
    const waiting = await fetch(/Preparing (\S+)/.exec(early.output.stdout)?.[1] ?? '')
    expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await waiting.text()).toContain('this page comes back by itself')
    expect(await early.stop('SIGINT')).toEqual({ code: 0, signal: null })
    expect(early.output.stderr).toBe('')
  }, 120_000)
})

/** Asks with the path and headers exactly as given; `fetch` would tidy them up. */
function statusOf(path: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}
