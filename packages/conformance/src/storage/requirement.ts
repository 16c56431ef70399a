import type { Capabilities } from '@rapport/core/storage'
import type { StoragePorts } from '../storage-conformance-options.js'

/** Why a case cannot run on an adapter that declares these capabilities, with these ports; `undefined` when it can. */
export type Requirement = (capabilities: Capabilities, ports: StoragePorts) => string | undefined

/** Any order is served, with or without an index. */
export const anyOrder: Requirement = ({ order }) => (order === 'any' ? undefined : `capabilities.order is '${order}'`)

/** Orders are served where an index of the entity serves them. */
export const indexedOrder: Requirement = ({ order }) => (order === 'none' ? "capabilities.order is 'none'" : undefined)

/** Unique indexes hold. */
export const unique: Requirement = (capabilities) => declared(capabilities, 'unique')

export const aggregate: Requirement = (capabilities) => declared(capabilities, 'aggregate')

export const search: Requirement = (capabilities) => declared(capabilities, 'search')

export const load: Requirement = (capabilities) => declared(capabilities, 'load')

export const watch: Requirement = (capabilities) => declared(capabilities, 'watch')

export const system: Requirement = (capabilities) => declared(capabilities, 'system')

export const durable: Requirement = (capabilities) => declared(capabilities, 'durable')

export const transaction: Requirement = (capabilities) =>
  capabilities.transaction === 'none' ? "capabilities.transaction is 'none'" : undefined

export const changes: Requirement = (capabilities) =>
  capabilities.changes === 'none' ? "capabilities.changes is 'none'" : undefined

export const reopen: Requirement = (_, ports) => given(ports, 'reopen')

export const counter: Requirement = (_, ports) => given(ports, 'counter')

export const faults: Requirement = (_, ports) => given(ports, 'faults')

export const hostTransaction: Requirement = (_, ports) => given(ports, 'hostTransaction')

function declared(
  capabilities: Capabilities,
  name: 'unique' | 'aggregate' | 'search' | 'load' | 'watch' | 'system' | 'durable',
): string | undefined {
  return capabilities[name] ? undefined : `capabilities.${name} is false`
}

function given(ports: StoragePorts, name: keyof StoragePorts): string | undefined {
  return ports[name] ? undefined : `no ${name} option is given`
}
