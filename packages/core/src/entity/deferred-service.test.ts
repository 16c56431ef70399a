import { expect, test } from 'vitest'
import { deferredService } from './deferred-service.js'

interface Shelf {
  take(id: string): Promise<string>
  each(count: number): AsyncGenerator<number>
  readonly labels: { read(id: string): Promise<string> }
}

function shelf() {
  const seen = { loads: 0, closed: false }
  const service: Shelf = {
    take: async (id) => {
      if (id === '') throw new RangeError('an id is needed')
      return `taken ${id}`
    },
    async *each(count) {
      try {
        for (let at = 0; at < count; at++) yield at
      } finally {
        seen.closed = true
      }
    },
    labels: { read: async (id) => `label ${id}` },
  }
  const load = async (): Promise<Shelf> => {
    seen.loads++
    if (seen.loads === 1) throw new TypeError('the network is down')
    return service
  }
  return { seen, load }
}

const answers = { take: 'once', each: 'each', labels: { read: 'once' } } as const

test('nothing is loaded before the first call, and a load that failed is tried again', async () => {
  const { seen, load } = shelf()
  const { take, labels } = deferredService(load, answers)
  expect(seen.loads).toBe(0)
  await expect(take('a')).rejects.toThrow('the network is down')
  expect(await take('a')).toBe('taken a')
  expect(await labels.read('b')).toBe('label b')
})

test('what a call throws reaches the caller', async () => {
  const { load } = shelf()
  const { take } = deferredService(load, answers)
  await take('a').catch(() => {})
  await expect(take('')).rejects.toThrow(RangeError)
})

test('a list is read one by one, and closed when its reader has enough', async () => {
  const { seen, load } = shelf()
  const { take, each } = deferredService(load, answers)
  await take('a').catch(() => {})
  const read: number[] = []
  for await (const at of each(10)) {
    read.push(at)
    if (at === 2) break
  }
  expect(read).toEqual([0, 1, 2])
  expect(seen.closed).toBe(true)
})
