/** What becomes of runs, by type of event. */
export type RunEvents = {
  /** Taken up again after an interruption. */
  'run.resumed': Readonly<Record<never, unknown>>
  'run.done': Readonly<Record<never, unknown>>
  'run.failed': Readonly<Record<never, unknown>>
  'run.canceled': Readonly<Record<never, unknown>>
}
