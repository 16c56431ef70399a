/** JSON with object keys in code unit order, so that equal values have equal text. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    let items = ''
    for (let index = 0; index < value.length; index++) {
      items += (index === 0 ? '' : ',') + canonicalJson(value[index] ?? null)
    }
    return `[${items}]`
  }
  if (typeof value === 'object' && value !== null) {
    let members = ''
    for (const key of Object.keys(value).sort()) {
      const member = (value as Readonly<Record<string, unknown>>)[key]
      if (member !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`
    }
    return `{${members}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** Whether two stored values are the same. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object') return (left ?? null) === (right ?? null)
  return canonicalJson(left ?? null) === canonicalJson(right ?? null)
}
