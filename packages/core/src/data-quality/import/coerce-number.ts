/** Which character separates whole from fraction. */
export type DecimalMark = '.' | ','

/** A cell that could be read, or why it could not. */
export type Coerced<T> = { readonly value: T } | { readonly fault: string }

/**
 * The canonical decimal text of a number as people write it: `1,234.50`, `1.234,50`, `1 234,5`, `(12)` for minus 12, full-width
 * digits. One mark with three digits behind it, such as `1,234`, means two things: without `decimal` it is a fault. A percent sign
 * is one too, since 15 % may be 15 or 0.15.
 */
export function coerceDecimal(text: string, decimal?: DecimalMark): Coerced<string> {
  const folded = text
    .normalize('NFKC')
    .replace(/[−–]/g, '-')
    .replace(/[\s'’_]/g, '')
  const bracketed = /^\((.+)\)$/.exec(folded)
  const signed = /^([+-]?)(\d[\d.,]*|[.,]\d+)(-?)$/.exec(bracketed?.[1] ?? folded)
  if (!signed) return { fault: 'must be a number such as 1234.5' }
  const [, sign, body = '', trailing] = signed
  const negative = (sign === '-') !== (trailing === '-') || bracketed !== null
  const mark = decimal ?? markOf(body)
  if (mark === undefined)
    return { fault: 'can be read in two ways: say with decimal whether , or . begins the fraction' }
  const group = mark === '.' ? ',' : '.'
  const [whole = '', fraction = '', ...rest] = body.split(mark)
  const groups = whole.split(group)
  const grouped = groups.length === 1 || (groups.slice(1).every((part) => part.length >= 2) && groups[0] !== '')
  if (rest.length > 0 || fraction.includes(group) || !grouped) return { fault: 'must be a number such as 1234.5' }
  const digits = groups.join('').replace(/^0+(?=\d)/, '') || '0'
  return { value: `${negative ? '-' : ''}${digits}${fraction === '' ? '' : `.${fraction}`}` }
}

/** A finite number. */
export function coerceNumber(text: string, decimal?: DecimalMark): Coerced<number> {
  const plain = Number(text)
  // What a program wrote, exponents among it; a comma or a group of three never gets here by mistake.
  if (/^[+-]?\d+(\.\d+)?e[+-]?\d+$/i.test(text.trim()) && Number.isFinite(plain)) return { value: plain }
  const read = coerceDecimal(text, decimal)
  if ('fault' in read) return read
  const value = Number(read.value)
  return Number.isFinite(value) ? { value: value === 0 ? 0 : value } : { fault: 'is too large' }
}

/** The mark that can only begin a fraction here; `undefined` when it might also group thousands. */
function markOf(body: string): DecimalMark | undefined {
  const comma = body.lastIndexOf(',')
  const point = body.lastIndexOf('.')
  if (comma < 0 && point < 0) return '.'
  if (comma >= 0 && point >= 0) return comma > point ? ',' : '.'
  const mark: DecimalMark = comma >= 0 ? ',' : '.'
  const parts = body.split(mark)
  if (parts.length > 2) return mark === ',' ? '.' : ','
  const [whole = '', fraction = ''] = parts
  const mayGroup = fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole)
  return mayGroup ? undefined : mark
}
