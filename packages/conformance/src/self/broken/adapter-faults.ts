import { isCrmError, type StorageSession } from '@rapport/core/storage'
import type { Fault } from './fault.js'
import { wrappedStorage } from './wrapped-storage.js'

/** Faults in capabilities, errors, signals, schema and closing. */
export const adapterFaults: readonly Fault[] = [
  {
    title: 'declares aggregate and lacks it',
    create: () => {
      const storage = wrappedStorage({})
      const session = (scope: Parameters<typeof storage.session>[0]): StorageSession => {
        const { aggregate, ...rest } = storage.session(scope)
        return rest
      }
      return { ...storage, session }
    },
    caughtBy: ['capabilities: optional methods are there exactly when they are declared'],
  },
  {
    title: 'has a search that it does not declare',
    create: () => wrappedStorage({ capabilities: { search: false } }),
    caughtBy: ['capabilities: optional methods are there exactly when they are declared'],
  },
  {
    title: 'leaves a residual though it declares all filters',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          async find(query) {
            const { where, ...rest } = query
            return where?.op === 'contains' ? { ...(await inner.find(rest)), residual: where } : inner.find(query)
          },
        }),
      }),
    caughtBy: ['capabilities: work is left to core only where the capabilities say so'],
  },
  {
    title: 'does not hear that its caller left',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          find: ({ signal, ...query }) => inner.find(query),
          write: (batch) => inner.write(batch),
        }),
      }),
    caughtBy: ['aborting: reads', 'aborting: writes'],
  },
  {
    title: 'plans the same step again and again',
    create: () =>
      wrappedStorage({
        adapter: (inner) => ({
          async plan(target, options) {
            const plan = await inner.plan(target, options)
            const again = { id: 'again', description: 'Build an index again', online: true, destructive: false }
            return { ...plan, steps: [...plan.steps, again] }
          },
        }),
      }),
    caughtBy: ['schema: a plan of what is there has no steps'],
  },
  {
    title: 'answers after it was closed',
    create: () => wrappedStorage({ adapter: () => ({ close: async () => {} }) }),
    caughtBy: ['closing: calls after close fail with storage_failed'],
  },
  {
    title: 'throws errors of its own kind',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          async write(batch, options) {
            try {
              return await inner.write(batch, options)
            } catch (error) {
              throw isCrmError(error, 'not_found') ? new Error('row not found') : error
            }
          },
        }),
      }),
    caughtBy: ['writes: patch and delete of a missing row fail with not_found'],
  },
]
