import type { StorageFaults } from '@rapport/conformance'

type Cut = keyof StorageFaults

/** A factory over the browser's own whose next `readwrite` transaction can be cut, and that counts transactions. */
export interface CuttableFactory extends StorageFaults {
  readonly factory: IDBFactory
  readonly transactions: () => number
}

/** Over the real IndexedDB: only what the adapter is told is changed, never what is stored. */
export function cuttableFactory(real: IDBFactory = indexedDB): CuttableFactory {
  let armed: Cut | undefined
  let count = 0
  const patch = (database: IDBDatabase): void => {
    const begin = database.transaction.bind(database)
    database.transaction = (stores, mode, options) => {
      count++
      const transaction = begin(stores, mode, options)
      if (mode === 'readwrite' && armed) {
        cutters[armed](transaction)
        armed = undefined
      }
      return transaction
    }
  }
  const factory = wrapFactory(real, (request) => request.addEventListener('success', () => patch(request.result)))
  return {
    factory,
    transactions: () => count,
    cutBefore: () => {
      armed = 'cutBefore'
    },
    cutDuring: () => {
      armed = 'cutDuring'
    },
    cutAfter: () => {
      armed = 'cutAfter'
    },
  }
}

/** A factory that shows every request to open before the adapter sees it. */
export function wrapFactory(real: IDBFactory, opened: (request: IDBOpenDBRequest) => void): IDBFactory {
  return new Proxy(real, {
    get: (target, name) => {
      if (name === 'open') {
        return (...given: Parameters<IDBFactory['open']>) => {
          const request = target.open(...given)
          opened(request)
          return request
        }
      }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const cutters: Readonly<Record<Cut, (transaction: IDBTransaction) => void>> = {
  cutBefore: (transaction) => transaction.abort(),
  cutDuring: (transaction) => {
    const storeOf = transaction.objectStore.bind(transaction)
    let isCut = false
    transaction.objectStore = (name) => {
      const store = storeOf(name)
      const put = store.put.bind(store)
      store.put = (value, key) => {
        const request = put(value, key)
        request.addEventListener('success', () => {
          if (!isCut) transaction.abort()
          isCut = true
        })
        return request
      }
      return store
    }
  },
  cutAfter: (transaction) => {
    // The adapter hears of an abort, as when the browser's process behind the page is gone.
    let told: (() => void) | null = null
    Object.defineProperty(transaction, 'oncomplete', { set: () => {} })
    Object.defineProperty(transaction, 'onabort', {
      set: (listener: () => void) => {
        told = listener
      },
    })
    transaction.addEventListener('complete', () => told?.())
    transaction.addEventListener('abort', () => told?.())
  },
}
