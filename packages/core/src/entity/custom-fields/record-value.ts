import type { Path } from '../../storage/row.js'

type Values = Readonly<Record<string, unknown>>

/** The value of a field of a stored row: an amount of money whole, a custom value below `custom`. */
export function storedValue(row: Values, path: Path): unknown {
  if (path.startsWith('custom.')) return below(customOf(row), path.slice('custom.'.length).split('.'))
  const amountMinor = row[`${path}.amountMinor`]
  if (typeof amountMinor === 'number') return { amountMinor, currency: row[`${path}.currency`] }
  return row[path] ?? undefined
}

/** The custom values of a row. */
export function customOf(row: Values): Values {
  return (row.custom ?? {}) as Values
}

function below(values: unknown, [key, ...more]: readonly string[]): unknown {
  if (key === undefined) return values ?? undefined
  if (typeof values !== 'object' || values === null || !Object.hasOwn(values, key)) return undefined
  return below((values as Values)[key], more)
}
