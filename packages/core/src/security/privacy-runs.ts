import type { RunKind } from '../entity/run-service.js'
import type { ErasureMode } from './erasure-entity.js'

/** What an erasure was asked for. */
export interface ErasureParams {
  readonly contactId: string
  readonly mode: ErasureMode
  readonly reason: string
}

const services = () => import('./services.js')

/** Erases one person. After an interruption it begins anew, and what is erased already changes no more. */
export const erasureRun: RunKind<ErasureParams> = {
  kind: 'privacy.erase',
  async execute(context, { contactId, mode, reason }, checkpoint) {
    const { eraseSubject } = await services()
    const runId = context.cause?.replace(/^run:/, '') ?? ''
    const order = { entity: 'contact', id: contactId, mode, reason, runId, suppresses: true }
    const counts = await eraseSubject(context, order, {
      signal: checkpoint.signal,
      done: (done) => checkpoint.save({ cursor: {}, done }),
    })
    return { ...counts }
  },
}

/** Applies the policies of retention as of the moment it was asked for. */
export const retentionRun: RunKind<{ readonly at: string }> = {
  kind: 'privacy.retain',
  execute: async (...work) => (await services()).applyPolicies(...work),
}
