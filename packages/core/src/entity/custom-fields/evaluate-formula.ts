import { instantOf } from '../../kernel/instant.js'
import type { Money } from '../../kernel/money.js'
import type { Path } from '../../storage/row.js'
import { sameValue } from '../canonical-json.js'
import { type Formula, type FormulaFunction, formulaNode } from './formula.js'
import { isStorableNumber } from './value-form.js'

type Values = readonly unknown[]

const dayMs = 86_400_000
const mostDigits = 15
const longestText = 10_000

/**
 * The value of a formula that was found to be well typed; `undefined` when it is empty. `read` gives the value of a field.
 *
 * - An empty operand makes the value empty, but for `coalesce`, `isEmpty`, `concat` (empty counts as no text) and logic, where an
 *   empty condition counts as false.
 * - Division by zero, amounts of different currencies, and results that cannot be kept exactly are empty.
 * - Money times or by a number is rounded to the minor unit, halves away from zero.
 */
export function evaluateFormula(formula: Formula, read: (path: Path) => unknown): unknown {
  const value = evaluate(formula, read)
  if (typeof value === 'number') return kept(value)
  if (typeof value === 'string' && value.length > longestText) return undefined
  return value ?? undefined
}

function evaluate(formula: unknown, read: (path: Path) => unknown): unknown {
  const node = formulaNode(formula)
  switch (node?.kind) {
    case 'literal':
    case 'date':
    case 'money':
      return node.value
    case 'field':
      return read(node.path) ?? undefined
    case 'call':
      return call(node.name as FormulaFunction, node.args, (arg) => evaluate(arg, read))
    case undefined:
      return undefined
  }
}

function call(name: FormulaFunction, args: Values, evaluated: (arg: unknown) => unknown): unknown {
  switch (name) {
    case 'if':
      return evaluated(evaluated(args[0]) === true ? args[1] : args[2])
    case 'and':
      return args.every((arg) => evaluated(arg) === true)
    case 'or':
      return args.some((arg) => evaluated(arg) === true)
    case 'not':
      return evaluated(args[0]) !== true
    case 'coalesce':
      return firstOf(args, evaluated)
    case 'isEmpty':
      return isEmpty(evaluated(args[0]))
    case 'concat':
      return args.map((arg) => evaluated(arg) ?? '').join('')
    default: {
      const values = args.map(evaluated)
      return values.some((value) => value === undefined) ? undefined : computed[name](values)
    }
  }
}

function firstOf(args: Values, evaluated: (arg: unknown) => unknown): unknown {
  for (const arg of args) {
    const value = evaluated(arg)
    if (value !== undefined) return value
  }
  return undefined
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

/** Functions whose value is empty when one of their operands is. */
type Strict = Exclude<FormulaFunction, 'if' | 'and' | 'or' | 'not' | 'coalesce' | 'isEmpty' | 'concat'>

const computed: Readonly<Record<Strict, (values: Values) => unknown>> = {
  add: (values) => values.slice(1).reduce((left, right) => plus(left, right, 1), values[0]),
  subtract: ([left, right]) => plus(left, right, -1),
  multiply: (values) =>
    values.slice(1).reduce((left, factor) => scaled(left, (amount) => amount * (factor as number)), values[0]),
  divide: ([left, right]) => {
    if (typeof right === 'number') return right === 0 ? undefined : scaled(left, (amount) => amount / right)
    const [dividend, divisor] = [left as Money, right as Money]
    return dividend.currency === divisor.currency && divisor.amountMinor !== 0
      ? dividend.amountMinor / divisor.amountMinor
      : undefined
  },
  round: ([value, digits = 0]) => rounded(value as number, digits as number),
  abs: ([value]) => scaled(value, Math.abs),
  least: (values) => extremeOf(values, -1),
  greatest: (values) => extremeOf(values, 1),
  eq: ([left, right]) => sameValue(left, right),
  ne: ([left, right]) => !sameValue(left, right),
  lt: ([left, right]) => compared(left, right, (order) => order < 0),
  lte: ([left, right]) => compared(left, right, (order) => order <= 0),
  gt: ([left, right]) => compared(left, right, (order) => order > 0),
  gte: ([left, right]) => compared(left, right, (order) => order >= 0),
  lower: ([value]) => (value as string).toLowerCase(),
  upper: ([value]) => (value as string).toUpperCase(),
  length: ([value]) => (Array.isArray(value) ? value.length : [...(value as string)].length),
  includes: ([list, value]) => (list as Values).includes(value),
  daysBetween: ([from, to]) => Math.trunc((Date.parse(to as string) - Date.parse(from as string)) / dayMs),
  addDays: ([from, days]) => later(from as string, Math.trunc(days as number)),
  year: ([value]) => Number((value as string).slice(0, 4)),
  month: ([value]) => Number((value as string).slice(5, 7)),
  amountIn: ([from, currency]) => minorIn(from, currency as string),
  moneyIn: ([from, currency]) => {
    const amountMinor = minorIn(from, currency as string)
    return amountMinor === undefined ? undefined : { amountMinor, currency }
  },
}

function isMoneyValue(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'amountMinor' in value
}

function plus(left: unknown, right: unknown, sign: 1 | -1): unknown {
  if (!isMoneyValue(left)) return left === undefined ? undefined : kept((left as number) + sign * (right as number))
  const { amountMinor, currency } = right as Money
  return left.currency === currency ? amount(left.amountMinor + sign * amountMinor, currency) : undefined
}

function scaled(value: unknown, scale: (amount: number) => number): unknown {
  if (value === undefined) return undefined
  return isMoneyValue(value) ? amount(halfAway(scale(value.amountMinor)), value.currency) : kept(scale(value as number))
}

function amount(amountMinor: number, currency: string): Money | undefined {
  return Number.isSafeInteger(amountMinor) ? { amountMinor: amountMinor + 0, currency } : undefined
}

function kept(value: number): number | undefined {
  return isStorableNumber(value) ? value + 0 : undefined
}

/** Rounds to a whole number, halves away from zero. */
export function halfAway(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value))
}

/** Rounds the decimal that is shown, so that 1.005 to two digits is 1.01. */
function rounded(value: number, digits: number): number | undefined {
  const places = Math.max(-mostDigits, Math.min(mostDigits, Math.trunc(digits)))
  const [mantissa, exponent = '0'] = String(value).split('e')
  const whole = halfAway(Number(`${mantissa}e${Number(exponent) + places}`))
  return kept(Number(`${whole}e${-places}`))
}

function order(left: unknown, right: unknown): number | undefined {
  if (isMoneyValue(left) && isMoneyValue(right))
    return left.currency === right.currency ? left.amountMinor - right.amountMinor : undefined
  return (left as string) < (right as string) ? -1 : (left as string) > (right as string) ? 1 : 0
}

function compared(left: unknown, right: unknown, holds: (order: number) => boolean): boolean | undefined {
  const found = order(left, right)
  return found === undefined ? undefined : holds(found)
}

function extremeOf(values: Values, sign: 1 | -1): unknown {
  return values.slice(1).reduce((best, value) => {
    const found = best === undefined ? undefined : order(value, best)
    return found === undefined ? undefined : found * sign > 0 ? value : best
  }, values[0])
}

function later(from: string, days: number): string | undefined {
  const ms = Date.parse(from) + days * dayMs
  if (!(ms >= Date.UTC(1000, 0, 1) && ms < Date.UTC(10_000, 0, 1))) return undefined
  return from.length === 10 ? instantOf(ms).slice(0, 10) : instantOf(ms)
}

function minorIn(from: unknown, currency: string): number | undefined {
  if (isMoneyValue(from)) return from.currency === currency ? from.amountMinor : undefined
  const totals = from as Readonly<Record<string, number>>
  return Object.hasOwn(totals, currency) ? totals[currency] : undefined
}
