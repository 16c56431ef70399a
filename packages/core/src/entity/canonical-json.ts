/** JSON with object keys in code unit order, so that equal values have equal text. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  // Where nothing is to be sorted, one call does it all, several times as fast.
  if (isOrdered(value)) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) {
    let items = ''
    for (let index = 0; index < value.length; index++) {
      items += (index === 0 ? '' : ',') + canonicalJson(value[index] ?? null)
    }
    return `[${items}]`
  }
  let members = ''
  for (const key of Object.keys(value as object).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key]
    if (member !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${members}}`
}

/** Whether two stored values are the same. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right)
    return (left ?? null) === (right ?? null)
  return canonicalJson(left) === canonicalJson(right)
}

/** Whether the keys of a value, and of all within it, are in order already. */
function isOrdered(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function'
  if (Array.isArray(value)) return value.every(isOrdered)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  let last: string | undefined
  for (const key in value) {
    if (last !== undefined && last > key) return false
    if (!isOrdered((value as Readonly<Record<string, unknown>>)[key])) return false
    last = key
  }
  return true
}
