import type { RunKind } from '../../entity/run-service.js'
import type { BehaviourSubject } from './behaviour-events-of.js'

/** What is to be forgotten: all of a subject's events, or those of one purpose. */
export interface ForgetBehaviour {
  readonly subject: BehaviourSubject
  readonly purpose?: string
}

/** The run behind `visitors.forgetEvents`; what it needs is loaded with the first one. */
export const forgetBehaviourRun: RunKind<ForgetBehaviour> = {
  kind: 'visitors.forgetEvents',
  async execute(context, params, checkpoint) {
    const { removeBehaviour } = await import('./forget-behaviour.js')
    return removeBehaviour(context, params, checkpoint)
  },
}
