import { joinableStorage } from '../joinable-storage.js'
import type { RiggedFault } from './fault.js'

/** Faults in joining a transaction of the host. */
export const joinFaults: readonly RiggedFault[] = [
  {
    title: 'ignores the transaction of the host',
    rig: () => joinableStorage({ ignores: true }),
    caughtBy: [
      'host transactions: what is no transaction of the host is refused, never silently ignored',
      'host transactions: nothing is left, and nobody outside ever saw it, when the host rolls back',
      'host transactions: load joins too',
    ],
  },
  {
    title: 'spoils the transaction of the host with a batch that fails',
    rig: () => joinableStorage({ spoils: true }),
    caughtBy: ['host transactions: a batch that fails leaves nothing, and the host may go on and commit the rest'],
  },
]
