import { CrmError, isCrmError } from '@rapport/core/storage'
import { cuttableStorage, honestError } from '../cuttable-storage.js'
import type { RiggedFault } from './fault.js'

const after = (what: string): string => `faults: ${what}`
const whole = (when: string): string =>
  after(`a batch cut ${when} is there whole or not at all, and the error says which is known`)

/** Faults of adapters whose way to the backend breaks. */
export const cutFaults: readonly RiggedFault[] = [
  {
    title: 'stores half of a batch that is cut in the middle',
    rig: () => cuttableStorage({ during: (inner, batch) => inner.write(batch.slice(0, Math.ceil(batch.length / 2))) }),
    caughtBy: [whole('in the middle of the writes')],
  },
  {
    title: 'promises that nothing was stored when only the answer was lost',
    rig: () => cuttableStorage({ errorOf: () => honestError('cutBefore') }),
    caughtBy: [whole('after the commit'), after('a transaction cut after the commit is there whole or not at all')],
  },
  {
    title: 'repeats a batch whose outcome it does not know',
    rig: () => cuttableStorage({ recover: (_, repeat) => repeat() }),
    caughtBy: [
      after('an addition cut after its commit is made once'),
      after('no acknowledged addition is lost and none is made twice while cuts go on'),
    ],
  },
  {
    title: 'takes a cut for a success',
    rig: () => cuttableStorage({ recover: async () => [] }),
    caughtBy: [whole('before the commit'), whole('in the middle of the writes')],
  },
  {
    title: 'passes on what the driver threw',
    rig: () => cuttableStorage({ errorOf: () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) }),
    caughtBy: [whole('before the commit'), whole('in the middle of the writes'), whole('after the commit')],
  },
  {
    title: 'does not say whether to try again',
    rig: () =>
      cuttableStorage({
        errorOf(cut) {
          const { retriable, ...details } = honestError(cut).details
          return new CrmError('storage_failed', 'The connection was lost', details)
        },
      }),
    caughtBy: [whole('before the commit'), whole('after the commit')],
  },
  {
    title: 'says the outcome is known when a repetition finds the rows',
    rig: () =>
      cuttableStorage({
        async recover(error, repeat) {
          if (!isCrmError(error) || error.details.reason !== 'unknown_outcome') throw error
          return repeat()
        },
      }),
    caughtBy: [whole('after the commit')],
  },
]
