import { invalidField } from '../../kernel/crm-error.js'
import { isStorableText } from '../../kernel/text-safety.js'
import type { Path } from '../../storage/row.js'
import { type FormulaFunction, type FormulaNode, formulaNode, type ValueType } from './formula.js'
import { isCalendarDate, isMoney, isStorableNumber } from './value-form.js'

/** Deepest nesting of a formula. */
const depthLimit = 32
/** Most nodes of a formula. */
const nodeLimit = 500
/** Longest text written in a formula. */
const literalLimit = 1_000

/** What a function takes: the types of its operands, and how the type of its value follows. `undefined` where they do not fit. */
type Signature = (types: readonly ValueType[]) => ValueType | undefined

const isOrdered: ReadonlySet<ValueType> = new Set(['number', 'text', 'date', 'dateTime', 'money'])
const isDay: ReadonlySet<ValueType> = new Set(['date', 'dateTime'])

const every = (types: readonly ValueType[], type: ValueType): boolean =>
  types.length > 0 && types.every((each) => each === type)
const alike = (types: readonly ValueType[]): ValueType | undefined =>
  types[0] !== undefined && every(types, types[0]) ? types[0] : undefined
const fixed =
  (operands: readonly ValueType[], result: ValueType): Signature =>
  (types) =>
    types.length === operands.length && types.every((type, index) => type === operands[index]) ? result : undefined
const sum: Signature = (types) =>
  types.length >= 2 && (every(types, 'number') || every(types, 'money')) ? types[0] : undefined
const comparison: Signature = (types) => {
  const type = types.length === 2 ? alike(types) : undefined
  return type && isOrdered.has(type) ? 'boolean' : undefined
}
const equality: Signature = (types) => {
  const type = types.length === 2 ? alike(types) : undefined
  return type && type !== 'list' && type !== 'moneyTotals' ? 'boolean' : undefined
}
const logic: Signature = (types) => (every(types, 'boolean') ? 'boolean' : undefined)
const extreme: Signature = (types) => {
  const type = alike(types)
  return type && type !== 'text' && isOrdered.has(type) ? type : undefined
}

const signatures: Readonly<Record<FormulaFunction, readonly [operands: string, Signature]>> = {
  add: ['numbers, or amounts of money', sum],
  subtract: ['two numbers, or two amounts of money', (types) => (types.length === 2 ? sum(types) : undefined)],
  multiply: [
    'numbers, of which the first may be an amount of money',
    (types) => (types.length >= 2 && every(types.slice(1), 'number') && isAmount(types[0]) ? types[0] : undefined),
  ],
  divide: [
    'a number or an amount of money by a number, or money by money',
    ([left, right, ...more]) =>
      more.length > 0 || !isAmount(left)
        ? undefined
        : right === 'number'
          ? left
          : right === left
            ? 'number'
            : undefined,
  ],
  round: [
    'a number, and how many digits after the point',
    ([value, digits, ...more]) =>
      more.length === 0 && value === 'number' && (digits === undefined || digits === 'number') ? 'number' : undefined,
  ],
  abs: ['a number or an amount of money', (types) => (types.length === 1 && isAmount(types[0]) ? types[0] : undefined)],
  least: ['values of one type that has an order', extreme],
  greatest: ['values of one type that has an order', extreme],
  eq: ['two values of one type', equality],
  ne: ['two values of one type', equality],
  lt: ['two values of one type that has an order', comparison],
  lte: ['two values of one type that has an order', comparison],
  gt: ['two values of one type that has an order', comparison],
  gte: ['two values of one type that has an order', comparison],
  and: ['booleans', logic],
  or: ['booleans', logic],
  not: ['a boolean', fixed(['boolean'], 'boolean')],
  if: [
    'a boolean, then a value for true and one of the same type for false',
    ([condition, ...branches]) => (condition === 'boolean' && branches.length === 2 ? alike(branches) : undefined),
  ],
  coalesce: ['values of one type', (types) => (types.length >= 2 ? alike(types) : undefined)],
  isEmpty: ['any value', (types) => (types.length === 1 ? 'boolean' : undefined)],
  concat: ['texts', (types) => (every(types, 'text') ? 'text' : undefined)],
  lower: ['a text', fixed(['text'], 'text')],
  upper: ['a text', fixed(['text'], 'text')],
  length: [
    'a text or a list',
    (types) => (types.length === 1 && (types[0] === 'text' || types[0] === 'list') ? 'number' : undefined),
  ],
  includes: ['a list and a text', fixed(['list', 'text'], 'boolean')],
  daysBetween: [
    'two dates or moments',
    (types) => (types.length === 2 && types.every((type) => isDay.has(type)) ? 'number' : undefined),
  ],
  addDays: [
    'a date or moment, and a number',
    ([from, days, ...more]) => (more.length === 0 && from && isDay.has(from) && days === 'number' ? from : undefined),
  ],
  year: ['a date or moment', partOfDay],
  month: ['a date or moment', partOfDay],
  amountIn: ['an amount of money or totals, and a currency', inCurrency('number')],
  moneyIn: ['an amount of money or totals, and a currency', inCurrency('money')],
}

function isAmount(type: ValueType | undefined): type is 'number' | 'money' {
  return type === 'number' || type === 'money'
}

function partOfDay(types: readonly ValueType[]): ValueType | undefined {
  return types.length === 1 && isDay.has(types[0] as ValueType) ? 'number' : undefined
}

function inCurrency(result: ValueType): Signature {
  return ([from, currency, ...more]) =>
    more.length === 0 && (from === 'moneyTotals' || from === 'money') && currency === 'text' ? result : undefined
}

/**
 * The type of a formula's value. `typeOf` says the type of a field, or throws for one that a formula cannot read. Throws
 * `validation_failed` naming the place, such as `formula.add.1`, for a form that is none, a function that is not known, or operands
 * whose types do not fit.
 */
export function typeOfFormula(formula: unknown, typeOf: (path: Path, place: string) => ValueType): ValueType {
  let nodes = 0
  const visit = (given: unknown, place: string, depth: number): ValueType => {
    if (++nodes > nodeLimit)
      throw invalidField('formula', `has more than ${nodeLimit} parts; split it into several fields`)
    if (depth > depthLimit)
      throw invalidField('formula', `is nested deeper than ${depthLimit} levels; split it into several fields`)
    const node = formulaNode(given)
    if (!node) throw invalidField(place, 'must be a value, { field }, { date }, { money } or { function: [operands] }')
    if (node.kind !== 'call') return typeOfOperand(node, place, typeOf)
    const signature = Object.hasOwn(signatures, node.name) ? signatures[node.name as FormulaFunction] : undefined
    if (!signature)
      throw invalidField(place, `there is no such function; use one of ${Object.keys(signatures).join(', ')}`)
    const types = node.args.map((arg, index) => visit(arg, `${place}.${node.name}.${index}`, depth + 1))
    const [operands, resultOf] = signature
    const type = resultOf(types)
    if (type === undefined) {
      throw invalidField(`${place}.${node.name}`, `takes ${operands}; it is given ${types.join(', ') || 'nothing'}`)
    }
    return type
  }
  return visit(formula, 'formula', 1)
}

function typeOfOperand(
  node: Exclude<FormulaNode, { kind: 'call' }>,
  place: string,
  typeOf: (path: Path, place: string) => ValueType,
): ValueType {
  switch (node.kind) {
    case 'field':
      return typeOf(node.path, place)
    case 'date':
      if (!isCalendarDate(node.value)) throw invalidField(`${place}.date`, 'must be a date such as 2026-03-01')
      return 'date'
    case 'money':
      if (!isMoney(node.value))
        throw invalidField(`${place}.money`, 'must have amountMinor, a whole number, and an ISO 4217 currency')
      return 'money'
    case 'literal':
      return typeOfLiteral(node.value, place)
  }
}

function typeOfLiteral(value: number | string | boolean, place: string): ValueType {
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') {
    if (!isStorableNumber(value)) throw invalidField(place, 'must be a finite number; whole ones lie within ±2^53')
    return 'number'
  }
  if (value.length > literalLimit || !isStorableText(value))
    throw invalidField(place, `must be text of at most ${literalLimit} characters`)
  return 'text'
}
