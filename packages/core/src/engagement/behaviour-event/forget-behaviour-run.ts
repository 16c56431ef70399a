import type { RunKind } from '../../entity/run-service.js'
import { type ForgetBehaviour, forgetBehaviourKind } from './forgetting.js'

/** The run behind `visitors.forgetEvents`; what it needs is loaded with the first one. */
export const forgetBehaviourRun: RunKind<ForgetBehaviour> = {
  kind: forgetBehaviourKind,
  execute: async (...work) => (await import('../services.js')).removeBehaviour(...work),
}
