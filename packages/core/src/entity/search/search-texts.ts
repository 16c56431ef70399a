import type { Path } from '../../storage/row.js'
import type { SearchText } from '../../storage/search-rank.js'
import { customFieldWeight, type SearchedValues, type SearchField, sourcesOf, textsPath } from './search-field.js'

/** Which fields of a record may be read; all when left out. */
export type Readable = (path: Path) => boolean

/** The searchable texts of a record, by field. A text is made of what may be read alone. */
export function searchTextsOf(
  fields: readonly SearchField[],
  customKeys: readonly string[],
  values: SearchedValues,
  readable: Readable = () => true,
): SearchText[] {
  const texts: SearchText[] = []
  const add = (field: string, weight: number, found: readonly (string | undefined)[]): void => {
    const some = found.filter((text) => text !== undefined && text !== '') as string[]
    if (some.length > 0) texts.push({ field, weight, texts: some })
  }
  for (const each of fields) {
    const sources = sourcesOf(each)
    const shown = sources.every(readable) ? values : only(values, sources.filter(readable))
    add(each.field, each.weight, each.textsOf ? each.textsOf(shown) : plainTexts(shown[each.field]))
  }
  const custom = (values.custom ?? {}) as Readonly<Record<string, unknown>>
  for (const key of customKeys)
    if (Object.hasOwn(custom, key) && readable(`custom.${key}`))
      add(`custom.${key}`, customFieldWeight, plainTexts(custom[key]))
  return texts
}

/**
 * The texts as they were stored with a record, in every spelling, of the fields that may be read. Of one that may be read in part,
 * they are made anew of that part; the values must be there then.
 */
export function storedTextsOf(
  fields: readonly SearchField[],
  customKeys: readonly string[],
  row: SearchedValues,
  readable: Readable = () => true,
): SearchText[] {
  const stored = new Map<string, string[]>()
  for (const marked of (row[textsPath] ?? []) as readonly string[]) {
    const end = marked.indexOf('=')
    const field = marked.slice(0, end)
    const others = stored.get(field)
    if (others) others.push(marked.slice(end + 1))
    else stored.set(field, [marked.slice(end + 1)])
  }
  const of = (field: string): readonly string[] => stored.get(field) ?? none
  const whole = fields.filter((field) => sourcesOf(field).every(readable))
  const partial = fields.filter((field) => !whole.includes(field) && sourcesOf(field).some(readable))
  const shownKeys = customKeys.filter((key) => readable(`custom.${key}`))
  return [
    ...whole.map(({ field, weight }) => ({ field, weight, texts: of(field), folded: true })),
    ...searchTextsOf(partial, [], row, readable),
    ...shownKeys.map((key) => ({
      field: `custom.${key}`,
      weight: customFieldWeight,
      texts: of(`custom.${key}`),
      folded: true,
    })),
  ]
}

const none: readonly string[] = []

function plainTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  return Array.isArray(value) ? value.flatMap((item) => (typeof item === 'string' ? [item] : [])) : []
}

function only(values: SearchedValues, paths: readonly Path[]): SearchedValues {
  return Object.fromEntries(paths.map((path) => [path, values[path]]))
}
