import type { ListQuery, PageOptions } from './crm-port.js'
import { invalidInput } from './http-refusal.js'
import { plainObject } from './plain-object.js'

/** How the text of a URL parameter becomes the value of a field. */
export type FilterKind = 'text' | 'number' | 'boolean'

/** Fields that a list can be filtered by in its URL. Never personal ones: URLs end up in histories and logs. */
export type UrlFilters = Readonly<Record<string, FilterKind>>

const queryKeys = ['where', 'orderBy', 'limit', 'cursor']

/** The query that a URL asks for: `?limit=50&order=-placedAt&status=open`. Throws `validation_failed` naming the parameter. */
export function listQueryOfUrl(parameters: URLSearchParams, filters: UrlFilters): ListQuery {
  const args: { op: 'eq'; path: string; value: string | number | boolean }[] = []
  let query: ListQuery = {}
  for (const [name, text] of once(parameters)) {
    if (name === 'limit') query = { ...query, limit: wholeNumber(name, text) }
    else if (name === 'cursor') query = { ...query, cursor: text }
    else if (name === 'order') query = { ...query, orderBy: text.split(',') }
    else if (Object.hasOwn(filters, name))
      args.push({ op: 'eq', path: name, value: filterValue(name, text, filters[name]!) })
    else {
      const known = ['limit', 'cursor', 'order', ...Object.keys(filters)].join(', ')
      throw invalidInput(name, `is not a parameter of this list; use ${known}, or POST a filter to its /query`)
    }
  }
  return args.length === 0 ? query : { ...query, where: { op: 'and', args } }
}

/** The query in a body: `{ where, orderBy, limit, cursor }`. Their values are the CRM's to judge. */
export function listQueryOfBody(body: unknown): ListQuery {
  const { where, orderBy, limit, cursor } = plainObject(body, queryKeys)
  if (cursor !== undefined && typeof cursor !== 'string') throw invalidInput('cursor', 'must be a text')
  return {
    ...(where !== undefined && { where }),
    ...(orderBy !== undefined && { orderBy }),
    ...(limit !== undefined && { limit }),
    ...(cursor !== undefined && { cursor }),
  }
}

/** The page of a list that belongs to one record: `?limit=50&cursor=…`. */
export function pageOptionsOfUrl(parameters: URLSearchParams): PageOptions {
  let page: PageOptions = {}
  for (const [name, text] of once(parameters)) {
    if (name === 'limit') page = { ...page, limit: wholeNumber(name, text) }
    else if (name === 'cursor') page = { ...page, cursor: text }
    else throw invalidInput(name, 'is not a parameter of this list; use limit or cursor')
  }
  return page
}

function once(parameters: URLSearchParams): Map<string, string> {
  const seen = new Map<string, string>()
  for (const [name, text] of parameters) {
    if (seen.has(name)) throw invalidInput(name, 'give this parameter once')
    seen.set(name, text)
  }
  return seen
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalidInput(name, 'must be a whole number from 1')
  return Number(text)
}

function filterValue(name: string, text: string, kind: FilterKind): string | number | boolean {
  if (kind === 'text') return text
  if (kind === 'boolean') {
    if (text !== 'true' && text !== 'false') throw invalidInput(name, 'must be true or false')
    return text === 'true'
  }
  if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) throw invalidInput(name, 'must be a number')
  return Number(text)
}
