import type { Path } from '../../storage/row.js'
import type { SearchText } from '../../storage/search-rank.js'
import { customFieldWeight, type SearchedValues, type SearchField, sourcesOf, spellingsPath } from './search-field.js'

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

/** The texts with the other spellings that were stored with the record; of a field that is hidden in part there are none. */
export function withSpellings(
  texts: readonly SearchText[],
  fields: readonly SearchField[],
  values: SearchedValues,
  readable: Readable = () => true,
): readonly SearchText[] {
  const stored = values[spellingsPath] as readonly string[] | undefined
  if (!stored || stored.length === 0) return texts
  return texts.map((each) => {
    const declared = fields.find(({ field }) => field === each.field)
    if (declared && !sourcesOf(declared).every(readable)) return each
    const mark = `${each.field}=`
    const more = stored.flatMap((spelling) => (spelling.startsWith(mark) ? [spelling.slice(mark.length)] : []))
    return more.length === 0 ? each : { ...each, texts: [...each.texts, ...more] }
  })
}

function plainTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  return Array.isArray(value) ? value.flatMap((item) => (typeof item === 'string' ? [item] : [])) : []
}

function only(values: SearchedValues, paths: readonly Path[]): SearchedValues {
  return Object.fromEntries(paths.map((path) => [path, values[path]]))
}
