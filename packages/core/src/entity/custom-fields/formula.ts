import type { Path } from '../../storage/row.js'

/**
 * A typed expression over the fields of one record, as plain data. A number, a text or a boolean stands for itself; everything else
 * is an object with one key:
 *
 * ```ts
 * const gross: Formula = { multiply: [{ field: 'custom.price' }, 1.19] }
 * const kind: Formula = { if: [{ gt: [{ field: 'custom.visits' }, 10] }, 'regular', 'new'] }
 * ```
 *
 * There is no clock in it: the same record always gives the same value.
 */
export type Formula = number | string | boolean | FieldOperand | DateOperand | MoneyOperand | FormulaCall

/** The value of a field of the record: `title`, `total` (an amount of money), `custom.size`. */
export interface FieldOperand {
  readonly field: Path
}

/** A calendar date. */
export interface DateOperand {
  /** `2026-03-01`. */
  readonly date: string
}

/** An amount in minor units of a currency. */
export interface MoneyOperand {
  readonly money: { readonly amountMinor: number; readonly currency: string }
}

/** A function with its operands, such as `{ add: [1, 2] }`. */
export type FormulaCall = { readonly [Name in FormulaFunction]?: readonly Formula[] }

/** Everything a formula can do; `formulaSignatures` says with what. */
export type FormulaFunction =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'round'
  | 'abs'
  | 'least'
  | 'greatest'
  | 'eq'
  | 'ne'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'and'
  | 'or'
  | 'not'
  | 'if'
  | 'coalesce'
  | 'isEmpty'
  | 'concat'
  | 'lower'
  | 'upper'
  | 'length'
  | 'includes'
  | 'daysBetween'
  | 'addDays'
  | 'year'
  | 'month'
  | 'amountIn'
  | 'moneyIn'

/** The type of a value in a formula. */
export type ValueType =
  | 'number'
  | 'text'
  | 'boolean'
  /** `2026-03-01`. */
  | 'date'
  /** An instant. */
  | 'dateTime'
  | 'money'
  /** Minor units by currency, what a roll-up of money makes. */
  | 'moneyTotals'
  /** Texts, such as a `multiSelect`. */
  | 'list'

/** A node taken apart. */
export type FormulaNode =
  | { readonly kind: 'literal'; readonly value: number | string | boolean }
  | { readonly kind: 'field'; readonly path: Path }
  | { readonly kind: 'date'; readonly value: unknown }
  | { readonly kind: 'money'; readonly value: unknown }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly unknown[] }

/** Takes a node of unchecked data apart; `undefined` when it has no form that a formula has. */
export function formulaNode(formula: unknown): FormulaNode | undefined {
  if (typeof formula === 'number' || typeof formula === 'string' || typeof formula === 'boolean')
    return { kind: 'literal', value: formula }
  if (typeof formula !== 'object' || formula === null || Array.isArray(formula)) return undefined
  const [entry, ...more] = Object.entries(formula)
  if (!entry || more.length > 0) return undefined
  const [name, value] = entry
  if (name === 'field') return typeof value === 'string' ? { kind: 'field', path: value } : undefined
  if (name === 'date' || name === 'money') return { kind: name, value }
  return Array.isArray(value) ? { kind: 'call', name, args: value } : undefined
}

/** The fields that a formula reads, each once. */
export function formulaPaths(formula: unknown): ReadonlySet<Path> {
  const paths = new Set<Path>()
  const visit = (given: unknown): void => {
    const node = formulaNode(given)
    if (node?.kind === 'field') paths.add(node.path)
    else if (node?.kind === 'call') for (const arg of node.args) visit(arg)
  }
  visit(formula)
  return paths
}
