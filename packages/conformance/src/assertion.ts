import { type CrmErrorCode, type CrmErrorDetails, isCrmError } from '@rapport/core/storage'

/** An adapter does not keep the contract. The message says which promise, what was expected and what came. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError'
}

/** Fails with the message unless the condition holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ConformanceError(message)
}

/**
 * Compares plain data deeply and names the first place that differs. The order of an object's keys does not matter, an
 * absent key differs from one that holds `undefined`, and -0 equals 0.
 */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const difference = firstDifference(actual, expected)
  if (difference) throw new ConformanceError(`${what}${difference}`)
}

/** Compares two numbers with room for the rounding of the last digits: 1e-9 of the greater, relatively. */
export function assertClose(actual: unknown, expected: number, what: string): void {
  const near =
    typeof actual === 'number' &&
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(actual), Math.abs(expected))
  if (!near) throw new ConformanceError(`${what}: expected about ${expected}, got ${show(actual)}`)
}

/**
 * Runs a call that must fail with a `CrmError` of the given code, and with the given details where some are named. A call
 * that throws before it returns its promise counts as failed in the same way.
 */
export async function assertFails(
  call: () => unknown,
  code: CrmErrorCode,
  details: Partial<CrmErrorDetails>,
  what: string,
): Promise<void> {
  const failure = await failureOf(call)
  if (!failure) throw new ConformanceError(`${what}: expected the error ${code}, but the call went through`)
  const { error } = failure
  if (!isCrmError(error)) {
    throw new ConformanceError(`${what}: expected a CrmError with code ${code}, got ${show(error)}`, { cause: error })
  }
  assertEqual(error.code, code, `${what}: code`)
  for (const [name, expected] of Object.entries(details)) {
    assertEqual(error.details[name as keyof CrmErrorDetails], expected, `${what}: details.${name}`)
  }
}

/** What a call throws, wrapped so that a thrown `undefined` shows; nothing when it goes through. */
export async function failureOf(call: () => unknown): Promise<{ readonly error: unknown } | undefined> {
  try {
    await call()
    return undefined
  } catch (error) {
    return { error }
  }
}

/** Where two values differ first, as a path followed by what was expected there; nothing when they are equal. */
function firstDifference(actual: unknown, expected: unknown): string | undefined {
  if (actual === expected || (Number.isNaN(actual) && Number.isNaN(expected))) return undefined
  if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) {
      return `: expected ${expected.length} items ${show(expected)}, got ${actual.length} ${show(actual)}`
    }
    for (let index = 0; index < expected.length; index++) {
      const difference = firstDifference(actual[index], expected[index])
      if (difference) return `[${index}]${difference}`
    }
    return undefined
  }
  if (isPlainObject(actual) && isPlainObject(expected)) {
    for (const key of Object.keys(expected)) {
      if (!Object.hasOwn(actual, key)) return `: expected the key ${show(key)} with ${show(expected[key])}`
      const difference = firstDifference(actual[key], expected[key])
      if (difference) return `.${key}${difference}`
    }
    const extra = Object.keys(actual).find((key) => !Object.hasOwn(expected, key))
    return extra === undefined ? undefined : `: unexpected key ${show(extra)} with ${show(actual[extra])}`
  }
  return `: expected ${show(expected)}, got ${show(actual)}`
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** A value as a reader of a failure wants to see it: short, with -0, `undefined` and errors visible. */
export function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (value === undefined || typeof value === 'number' || typeof value === 'bigint') return String(value)
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
