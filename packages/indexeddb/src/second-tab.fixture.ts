import { indexedDbStorage } from './index.js'
import { insert, tenantId, ticket } from './ticket.fixture.js'

/** What the first tab asks of the second one. */
export type TabCall =
  | { readonly do: 'open'; readonly name: string }
  | { readonly do: 'insert'; readonly from: number; readonly total: number; readonly reference?: string }
  | { readonly do: 'add'; readonly id: string; readonly times: number }
  | { readonly do: 'close' }

/** Another agent on the same origin: a worker with a module instance, an event loop and connections of its own. */
const storages: ReturnType<typeof indexedDbStorage>[] = []

async function answer(call: TabCall): Promise<unknown> {
  if (call.do === 'open') {
    const storage = indexedDbStorage({ name: call.name, counters: [{ entity: ticket.name, by: ['status'] }] })
    storages.push(storage)
    await storage.open()
    await storage.apply(await storage.plan([ticket]))
    return 'open'
  }
  const storage = storages.at(-1)
  if (!storage || call.do === 'close') return storage?.close()
  const session = storage.session({ tenantId })
  if (call.do === 'insert') {
    const { reference } = call
    const writes = Array.from({ length: call.total }, (_, index) =>
      insert(`second${call.from + index}`, reference === undefined ? {} : { reference: `${reference}${index}` }),
    )
    const outcomes = await Promise.allSettled(writes.map((write) => session.write([write])))
    return outcomes.filter(({ status }) => status === 'fulfilled').length
  }
  for (let time = 0; time < call.times; time++) {
    await session.write([{ do: 'patch', entity: ticket.name, id: call.id, add: { number: 1 } }])
  }
  return call.times
}

self.onmessage = ({ data }: MessageEvent<TabCall>) => {
  answer(data).then(
    (value) => self.postMessage({ value }),
    (error: unknown) => self.postMessage({ error: String(error) }),
  )
}
