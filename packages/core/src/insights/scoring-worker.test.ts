import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { createCrm } from '../create-crm.js'
import { memoryStorage } from '../storage/memory/index.js'
import { testClock, testRandom } from '../testing.js'
import { computeScores } from './score/compute-scores.js'
import { type ScoringWorker, scoringInWorker } from './score/scoring-in-worker.js'
import { cdnowPurchases, jobOf } from './score/scoring-job.fixture.js'

const never = new AbortController().signal
let module: URL

/** The worker as a host's bundler would make it. */
async function bundled(code?: string): Promise<URL> {
  const entry = new URL('scoring-worker.ts', import.meta.url)
  const { outputFiles } = await build({
    ...(code === undefined ? { entryPoints: [entry.pathname] } : { stdin: { contents: code } }),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
    tsconfigRaw: {},
  })
  return new URL(`data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString('base64')}`)
}

beforeAll(async () => {
  module = await bundled()
})

/** A quarter of the sample, which is enough to fit. */
const cdnow = () =>
  jobOf(
    cdnowPurchases().filter(([customer, day]) => day <= '1997-09-30' && Number(customer) % 4 === 0),
    { asOf: '1997-09-30' },
  )

describe('scores computed in a worker thread', () => {
  it('are those of this thread, whose event loop goes round meanwhile', async () => {
    const started: Worker[] = []
    const compute = scoringInWorker(() => {
      const worker = new Worker(module)
      started.push(worker)
      return worker
    })
    let turns = 0
    const count = (): void => {
      turns++
      timer = setImmediate(count)
    }
    let timer = setImmediate(count)
    const job = cdnow()
    const columns = await compute(job, never)
    clearImmediate(timer)
    expect(columns).toEqual(await computeScores(cdnow()))
    expect(started).toHaveLength(1)
    // In this thread the fits, the limits and the groups would leave it a turn each, not hundreds.
    expect(turns).toBeGreaterThan(100)
    // Moved, not copied: nothing of the job is left here.
    expect(job.purchases.at).toHaveLength(0)
    expect(started[0]?.threadId).toBe(-1)
  }, 60_000)

  it('are what a refresh writes, when the CRM is given the worker', async () => {
    let jobs = 0
    const scoring = scoringInWorker(() => {
      jobs++
      return new Worker(module)
    })
    await using crm = await createCrm({ storage: memoryStorage(), clock: testClock(), random: testRandom(), scoring })
    const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
    const { id } = await shop.contacts.create({ firstName: 'Ada' })
    for (const placedAt of ['2026-01-01', '2026-01-20']) {
      await shop.orders.record({ contactId: id, placedAt, total: { amountMinor: 4_999, currency: 'EUR' } })
    }
    const run = await shop.runs.wait((await shop.scores.refresh(['rfm', 'clv'], { asOf: '2026-02-28' })).id)
    expect(run).toMatchObject({ status: 'done', result: { customers: 1, orders: 2 } })
    expect((await shop.contacts.get(id)).scores?.rfm?.segment).toEqual(expect.any(String))
    expect(jobs).toBe(1)
  })

  it('a worker that breaks, ends or is stopped says so, and is ended', async () => {
    const ended: Promise<number>[] = []
    const of = (url: URL) =>
      scoringInWorker(() => {
        const worker = new Worker(url)
        ended.push(new Promise((resolve) => worker.once('exit', resolve)))
        return worker
      })
    const failure = { code: 'storage_failed', message: expect.stringContaining('worker') }
    await expect(of(await bundled('throw new Error("x")'))(cdnow(), never)).rejects.toMatchObject(failure)
    await expect(of(await bundled('process.exit(3)'))(cdnow(), never)).rejects.toMatchObject(failure)
    const stop = new AbortController()
    const work = of(module)(cdnow(), stop.signal)
    stop.abort(new Error('enough'))
    await expect(work).rejects.toThrow('enough')
    await expect(of(module)({ ...cdnow(), timeZone: 'Mars/Olympus' }, never)).rejects.toThrow('time zone')
    expect(await Promise.all(ended)).toHaveLength(4)
  })

  it('a worker of a browser, which hands over events, is heard too', async () => {
    const columns = await computeScores(cdnow())
    const listeners = new Map<string, (event: Event) => void>()
    let terminated = false
    const worker: ScoringWorker = {
      addEventListener: (type, listener) => void listeners.set(type, listener),
      postMessage: () => listeners.get('message')?.(new MessageEvent('message', { data: { columns } })),
      terminate: () => {
        terminated = true
      },
    }
    expect(await scoringInWorker(() => worker)(cdnow(), never)).toBe(columns)
    expect(terminated).toBe(true)
  })
})
