import type { CrmError } from '@rapport/core/storage'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { cuttableFactory, wrapFactory } from './cuttable-factory.fixture.js'
import { deleteIndexedDbStorage, indexedDbStorage } from './index.js'
import { freshName, openStorage } from './opened-storage.fixture.js'
import { insert, tenantId, ticket } from './ticket.fixture.js'

const failure = (reason: string, retriable: boolean, remedy = '') => ({
  code: 'storage_failed',
  details: { reason, retriable, ...(remedy && { remedy: expect.stringContaining(remedy) }) },
})

/** Opens a database without the adapter. */
function openRaw(name: string, version?: number, upgrade?: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version)
    request.onupgradeneeded = () => upgrade?.(request.result)
    request.onsuccess = () => {
      onTestFinished(() => request.result.close())
      resolve(request.result)
    }
    request.onerror = () => reject(request.error)
  })
}

/** A factory whose databases can be closed as a browser closes them by itself. */
function droppableFactory(): { factory: IDBFactory; drop: () => void; opened: () => number } {
  const databases: IDBDatabase[] = []
  const factory = wrapFactory(indexedDB, (request) => {
    request.addEventListener('success', () => databases.push(request.result))
  })
  const drop = (): void => {
    const database = databases.at(-1)
    database?.close()
    database?.dispatchEvent(new Event('close'))
  }
  return { factory, drop, opened: () => databases.length }
}

/** A factory whose `open` fails with an exception of that name. */
function failingFactory(name: string): IDBFactory {
  return wrapFactory(indexedDB, (request) => {
    request.addEventListener('success', (event) => {
      event.stopImmediatePropagation()
      request.result.close()
      Object.defineProperty(request, 'error', { value: new DOMException('no', name) })
      request.dispatchEvent(new Event('error'))
    })
  })
}

describe('another tab', () => {
  it('with a newer release makes this one let go at once, and say that the page is to be reloaded', async () => {
    const name = freshName()
    const lost: CrmError[] = []
    const older = await openStorage({ name, onLost: (error) => lost.push(error) })
    const session = older.session({ tenantId })
    await session.write([insert('a')])
    const newer = await openStorage({ name, release: 2 })
    expect(await newer.session({ tenantId }).getMany(ticket.name, ['a'])).toMatchObject([{ id: 'a' }])
    const outdated = failure('newer', false, 'reload')
    await expect(session.write([insert('b')])).rejects.toMatchObject(outdated)
    await expect(session.getMany(ticket.name, ['a'])).rejects.toMatchObject(outdated)
    await expect(older.plan([ticket])).rejects.toMatchObject(outdated)
    expect(lost).toMatchObject([outdated])
  })

  it('that opens an older release is told so, and the newer one goes on', async () => {
    const name = freshName()
    const newer = (await openStorage({ name, release: 2 })).session({ tenantId })
    await expect(indexedDbStorage({ name }).open()).rejects.toMatchObject(failure('newer', false, 'reload'))
    await newer.write([insert('a')])
  })

  it('that keeps an older release open blocks opening: after a time it fails, with the remedy', async () => {
    const name = freshName()
    await (await openStorage({ name })).close()
    await openRaw(name)
    const waits: number[] = []
    const sleep = async (durationMs: number) => void waits.push(durationMs)
    const storage = indexedDbStorage({ name, release: 2, sleep, blockedTimeoutMs: 1_234 })
    await expect(storage.open()).rejects.toMatchObject(failure('blocked', true, 'close the other tabs'))
    expect(waits).toEqual([1_234])
  })

  it('that lets go of an older release in time does not hinder: the page hears of the wait, and opening goes on', async () => {
    const name = freshName()
    await (await openStorage({ name })).close()
    const raw = await openRaw(name)
    const onBlocked = vi.fn(() => raw.close())
    const storage = indexedDbStorage({ name, release: 2, onBlocked, sleep: () => new Promise(() => {}) })
    await storage.open()
    expect(onBlocked).toHaveBeenCalledTimes(1)
    await storage.close()
  })

  it('may keep us waiting no longer than the signal allows', async () => {
    const name = freshName()
    await (await openStorage({ name })).close()
    await openRaw(name)
    const controller = new AbortController()
    const storage = indexedDbStorage({
      name,
      release: 2,
      onBlocked: () => controller.abort(),
      sleep: () => new Promise(() => {}),
    })
    await expect(storage.open({ signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' })
  })
})

describe('a database that was closed by the browser', () => {
  it('is opened once more by the next call, which then succeeds', async () => {
    const { factory, drop, opened } = droppableFactory()
    const session = (await openStorage({ name: freshName(), indexedDB: factory })).session({ tenantId })
    await session.write([insert('a')])
    drop()
    const [rows] = await Promise.all([session.getMany(ticket.name, ['a']), session.write([insert('b')])])
    expect(rows).toMatchObject([{ id: 'a' }])
    expect(opened()).toBe(2)
    drop()
    expect(await session.getMany(ticket.name, ['b'])).toMatchObject([{ id: 'b' }])
    expect(opened()).toBe(3)
  })

  it('and is closed again at once is given up: that may be tried again, by opening the storage', async () => {
    const { factory, drop } = droppableFactory()
    const reopening = wrapFactory(factory, (request) => {
      if (isArmed) request.addEventListener('success', () => queueMicrotask(drop))
    })
    let isArmed = false
    const onLost = vi.fn()
    const storage = await openStorage({ name: freshName(), indexedDB: reopening, onLost })
    const session = storage.session({ tenantId })
    await session.write([insert('a')])
    isArmed = true
    drop()
    await session.getMany(ticket.name, ['a']).catch(() => {})
    await expect(session.getMany(ticket.name, ['a'])).rejects.toMatchObject(
      failure('connection', true, 'open the storage'),
    )
    expect(onLost).toHaveBeenCalledTimes(1)
    isArmed = false
    await storage.open()
    expect(await session.getMany(ticket.name, ['a'])).toMatchObject([{ id: 'a' }])
  })

  it('and is gone is not made anew behind the back of its users', async () => {
    const name = freshName()
    const { factory, drop } = droppableFactory()
    const storage = await openStorage({ name, indexedDB: factory })
    const session = storage.session({ tenantId })
    drop()
    await deleteIndexedDbStorage({ name })
    await expect(session.write([insert('a')])).rejects.toMatchObject(failure('deleted', false, 'load it'))
    await storage.open()
    await storage.apply(await storage.plan([ticket]))
    await session.write([insert('a')])
    expect(await session.getMany(ticket.name, ['a'])).toMatchObject([{ version: 1 }])
  })
})

describe('a database that is deleted', () => {
  it('by another tab is let go at once, and calls say so until it is opened again', async () => {
    const name = freshName()
    const lost: CrmError[] = []
    const storage = await openStorage({ name, onLost: (error) => lost.push(error) })
    const session = storage.session({ tenantId })
    await session.write([insert('a')])
    await deleteIndexedDbStorage({ name })
    const deleted = failure('deleted', false, 'load it')
    await expect(session.getMany(ticket.name, ['a'])).rejects.toMatchObject(deleted)
    await expect(session.write([insert('b')])).rejects.toMatchObject(deleted)
    expect(lost).toMatchObject([deleted])
    await storage.open()
    await storage.apply(await storage.plan([ticket]))
    expect(await session.getMany(ticket.name, ['a'])).toEqual([undefined])
  })

  it('while something else keeps it open is reported as blocked', async () => {
    const name = freshName()
    const raw = await openRaw(name, 1)
    const deletion = deleteIndexedDbStorage({ name, sleep: async () => {} })
    await expect(deletion).rejects.toMatchObject(failure('blocked', true))
    raw.close()
  })
})

describe('a full disk', () => {
  it('shows when a transaction commits: nothing of it is stored, trying again does not help, the remedy does', async () => {
    let isFull = false
    const factory = wrapFactory(indexedDB, (request) => {
      request.addEventListener('success', () => {
        const database = request.result
        const begin = database.transaction.bind(database)
        database.transaction = (stores, mode, options) => {
          const transaction = begin(stores, mode, options)
          if (isFull && mode === 'readwrite') breakAtCommit(transaction)
          return transaction
        }
      })
    })
    const session = (await openStorage({ name: freshName(), indexedDB: factory })).session({ tenantId })
    await session.write([insert('a')])
    isFull = true
    const quota = failure('quota', false, 'free space')
    await expect(session.write([insert('b'), insert('c')])).rejects.toMatchObject(quota)
    await expect(session.load?.(ticket.name, [[{ id: 'd', status: 'open' }]])).rejects.toMatchObject(quota)
    isFull = false
    expect(await session.getMany(ticket.name, ['a', 'b', 'c', 'd'])).toMatchObject([
      { id: 'a' },
      undefined,
      undefined,
      undefined,
    ])
    await session.write([insert('b')])
  })
})

/** Rolls a transaction back when all that it was asked for is done, as a browser does that finds no room. */
function breakAtCommit(transaction: IDBTransaction): void {
  const store = transaction.objectStore('meta')
  const put = store.put.bind(store)
  const storeOf = transaction.objectStore.bind(transaction)
  transaction.objectStore = (name) => (name === 'meta' ? store : storeOf(name))
  store.put = (value, key) => {
    const request = put(value, key)
    request.addEventListener('success', () => {
      Object.defineProperty(transaction, 'error', { value: new DOMException('full', 'QuotaExceededError') })
      transaction.abort()
    })
    return request
  }
}

describe('a database that cannot be read', () => {
  it('fails to open with the remedy', async () => {
    const name = freshName()
    for (const exception of ['UnknownError', 'NotReadableError', 'DataError']) {
      const storage = indexedDbStorage({ name, indexedDB: failingFactory(exception) })
      await expect(storage.open()).rejects.toMatchObject(failure('corrupt', false, 'deleteIndexedDbStorage'))
    }
  })

  it('says so when what is stored is none of its own, whatever is asked', async () => {
    const corrupt = failure('corrupt', false, 'deleteIndexedDbStorage')
    for (const [key, value] of [
      ['state', { position: 'far' }],
      ['state', null],
      ['catalogue', { entities: [] }],
    ] as const) {
      const name = freshName()
      const storage = await openStorage({ name })
      await storage.close()
      const raw = await openRaw(name)
      raw.transaction('meta', 'readwrite').objectStore('meta').put(value, key)
      raw.close()
      await storage.open()
      const session = storage.session({ tenantId })
      const call = key === 'state' ? session.write([insert('a')]) : storage.plan([ticket])
      await expect(call).rejects.toMatchObject(corrupt)
    }
  })

  it('says so when a row is none', async () => {
    const name = freshName()
    const session = (await openStorage({ name })).session({ tenantId })
    await session.write([insert('a', { number: 1 })])
    const raw = await openRaw(name)
    const rows = raw.transaction('rows', 'readwrite').objectStore('rows')
    const request = rows.openCursor()
    await new Promise<void>((resolve) => {
      request.onsuccess = () => {
        request.result?.update({ ...request.result.value, row: undefined })
        rows.transaction.oncomplete = () => resolve()
      }
    })
    const corrupt = failure('corrupt', false, 'deleteIndexedDbStorage')
    await expect(session.getMany(ticket.name, ['a'])).rejects.toMatchObject(corrupt)
    await expect(session.find({ entity: ticket.name, order: ['id'], limit: 1 })).rejects.toMatchObject(corrupt)
  })

  it('of another application keeps its name, and ours is refused', async () => {
    const name = freshName()
    const raw = await openRaw(name, 1_000_001, (database) => database.createObjectStore('theirs'))
    raw.close()
    await expect(indexedDbStorage({ name }).open()).rejects.toMatchObject(failure('foreign', false, 'another name'))
  })

  it('because the page may not is told apart', async () => {
    const storage = indexedDbStorage({ name: freshName(), indexedDB: failingFactory('SecurityError') })
    await expect(storage.open()).rejects.toMatchObject(failure('denied', false, 'site data'))
  })
})

describe('a connection that breaks', () => {
  it('before the commit leaves nothing and may be repeated; after it, the outcome is unknown', async () => {
    const { factory, ...cuts } = cuttableFactory()
    const session = (await openStorage({ name: freshName(), indexedDB: factory })).session({ tenantId })
    cuts.cutBefore()
    await expect(session.write([insert('a')])).rejects.toMatchObject({
      code: 'storage_failed',
      details: { retriable: true },
    })
    expect(await session.getMany(ticket.name, ['a'])).toEqual([undefined])
    cuts.cutAfter()
    await expect(session.write([insert('a')])).rejects.toMatchObject(failure('unknown_outcome', false, 'read'))
    expect(await session.getMany(ticket.name, ['a'])).toMatchObject([{ version: 1 }])
  })
})

describe('an error', () => {
  it('repeats no value of the browser’s message', async () => {
    const { factory, ...cuts } = cuttableFactory()
    const session = (await openStorage({ name: freshName(), indexedDB: factory })).session({ tenantId })
    cuts.cutBefore()
    const error = await session.write([insert('a', { subject: 'secret' })]).catch((caught: CrmError) => caught)
    const { message, details, cause } = error as CrmError
    expect(JSON.stringify([message, details, String(cause)])).not.toContain('secret')
    expect(String(cause)).toMatch(/^Error: \w+$/)
  })
})

describe('durability', () => {
  it('is relaxed unless strict is asked for', async () => {
    const begin = vi.spyOn(IDBDatabase.prototype, 'transaction')
    for (const durability of [undefined, 'strict'] as const) {
      const session = (await openStorage({ name: freshName(), ...(durability && { durability }) })).session({
        tenantId,
      })
      begin.mockClear()
      await session.write([insert('a')])
      expect(begin.mock.results[0]?.value.durability).toBe(durability ?? 'relaxed')
    }
    begin.mockRestore()
  })
})
