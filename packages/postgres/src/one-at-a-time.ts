/** Runs a task when all tasks given before it have ended, whether well or not. */
export type Turn = <T>(task: () => Promise<T>) => Promise<T>

/** A queue for a connection that can do one thing at a time. */
export function oneAtATime(): Turn {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const turn = last.then(task, task)
    last = turn.catch(() => {})
    return turn
  }
}
