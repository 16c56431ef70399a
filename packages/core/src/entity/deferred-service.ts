/**
 * How the members of a service answer: `once` with a promise, `each` one by one as an async generator does; a service within the
 * service says it of its own members.
 */
export type Answers<Service> = {
  readonly [Name in keyof Service]: Service[Name] extends (...given: never[]) => infer Answer
    ? Answer extends AsyncIterable<unknown>
      ? 'each'
      : Answer extends Promise<unknown>
        ? 'once'
        : never
    : Answers<Service[Name]>
}

/** Members of every service that reads records. */
export const readingAnswers = {
  get: 'once',
  getMany: 'once',
  find: 'once',
  each: 'each',
  count: 'once',
  history: 'once',
  verifyHistory: 'once',
} as const

/** Members of every service that also makes, changes and removes them. */
export const recordAnswers = {
  ...readingAnswers,
  create: 'once',
  update: 'once',
  delete: 'once',
  restore: 'once',
} as const

type Call = (...given: unknown[]) => unknown

/** A service whose code is loaded with the first call: a page that never makes one does not carry it. */
export function deferredService<Service extends object>(
  load: () => Promise<Service>,
  answers: Answers<Service>,
): Service {
  const member = async (name: string): Promise<unknown> => (await load())[name as keyof Service]
  const doors = Object.entries(answers).map(([name, answer]): [string, unknown] => {
    const open = (): Promise<Call> => member(name) as Promise<Call>
    if (answer === 'once') return [name, async (...given: unknown[]) => (await open())(...given)]
    if (answer !== 'each')
      return [name, deferredService(() => member(name) as Promise<object>, answer as Answers<object>)]
    const each = async function* (...given: unknown[]): AsyncGenerator {
      yield* (await open())(...given) as AsyncGenerator
    }
    return [name, each]
  })
  return Object.fromEntries(doors) as Service
}
