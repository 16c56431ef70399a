/** The value at a dotted path (`scores.clv.probabilityAlive`), or `undefined` where the path ends early. */
export function readPath(record: object, path: string): unknown {
  let value: unknown = record
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value ?? undefined
}
