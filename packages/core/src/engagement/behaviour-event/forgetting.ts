import type { BehaviourSubject } from './behaviour-events-of.js'

/** What is to be forgotten: all of a subject's events, or those of one purpose. */
export interface ForgetBehaviour {
  readonly subject: BehaviourSubject
  readonly purpose?: string
}

/** The kind of run that forgets. */
export const forgetBehaviourKind = 'visitors.forgetEvents'
