import { invalidInput } from './http-refusal.js'
import { anyObject, plainObject } from './plain-object.js'

type Check = (value: unknown) => string | undefined

const text: Check = (value) => (typeof value === 'string' ? undefined : 'must be a text')
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false')
const wholeNumber: Check = (value) => (Number.isSafeInteger(value) ? undefined : 'must be a whole number')
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const object: Check = (value) => (isObject(value) ? undefined : 'must be an object')
const texts: Check = (value) =>
  isObject(value) && Object.values(value).every((word) => typeof word === 'string')
    ? undefined
    : 'must be an object of texts'

const sourceChecks: Readonly<Record<string, Check>> = {
  object: text,
  format: text,
  encoding: text,
  delimiter: text,
  quote: text,
  header: flag,
  apostrophes: text,
  sheet: text,
}
const importChecks: Readonly<Record<string, Check>> = {
  ...sourceChecks,
  mapping: object,
  matchOn: text,
  mode: text,
  lists: text,
  empty: text,
}
const previewChecks: Readonly<Record<string, Check>> = { ...importChecks, limit: wholeNumber }
const columnChecks: Readonly<Record<string, Check>> = {
  field: text,
  decimal: text,
  dateOrder: text,
  zone: text,
  currency: text,
  values: texts,
  item: object,
  spaces: text,
}

/** What is said about a file to look at. Throws `validation_failed` for what is unknown or of a wrong type; the rest is the CRM's. */
export function sourceOptions(options: unknown): Readonly<Record<string, unknown>> {
  return checked(options, sourceChecks, '')
}

/** What is said about a file to import. */
export function importOptions(options: unknown): Readonly<Record<string, unknown>> {
  return withMapping(checked(options, importChecks, ''))
}

/** What is said about a file to try. */
export function previewOptions(options: unknown): Readonly<Record<string, unknown>> {
  return withMapping(checked(options, previewChecks, ''))
}

function checked(
  options: unknown,
  checks: Readonly<Record<string, Check>>,
  place: string,
): Readonly<Record<string, unknown>> {
  const given = place === '' ? plainObject(options, Object.keys(checks)) : anyObject(options)
  for (const [name, value] of Object.entries(given)) {
    const fault = Object.hasOwn(checks, name) ? checks[name]!(value) : 'is not known here'
    if (fault !== undefined) throw invalidInput(`${place}${name}`, fault)
  }
  return given
}

function withMapping(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (options.mapping === undefined) throw invalidInput('mapping', 'must say for each column to which field it goes')
  for (const [column, target] of Object.entries(options.mapping as object)) {
    const path = `mapping.${column}`
    if (target === null || typeof target === 'string') continue
    if (!isObject(target)) throw invalidInput(path, 'must be a field, an object with a field, or null')
    checked({ field: undefined, ...target }, columnChecks, `${path}.`)
  }
  return options
}
