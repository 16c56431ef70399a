import type { Page, Where } from '@rapport/core'
import type { ClientCallOptions, ClientWriteOptions, Transport } from './transport.js'

/** What to list. */
export interface ClientQuery {
  readonly where?: Where
  /** Paths, with `-` for descending. */
  readonly orderBy?: readonly string[]
  readonly limit?: number
  /** From the page before; opaque. */
  readonly cursor?: string
}

/** Where to go on in a list that belongs to one record. */
export interface ClientPageQuery {
  readonly cursor?: string
  readonly limit?: number
}

/** Options of a change. */
export interface ClientChangeOptions extends ClientCallOptions {
  /** Fails with `conflict` (412) when somebody else changed the same fields since this version. */
  readonly ifVersion?: number
}

/** Records that can be read. */
export interface ReadClient<Stored> {
  find(query?: ClientQuery, options?: ClientCallOptions): Promise<Page<Stored>>
  /** All of a list, page by page. */
  each(query?: ClientQuery, options?: ClientCallOptions): AsyncGenerator<Stored, void, undefined>
  get(id: string, options?: ClientCallOptions): Promise<Stored>
}

/** Records that can be created, changed and deleted. */
export interface RecordClient<Stored, New, Patch> extends ReadClient<Stored> {
  create(input: New, options?: ClientWriteOptions): Promise<Stored>
  update(id: string, patch: Patch, options?: ClientChangeOptions): Promise<Stored>
  delete(id: string, options?: ClientChangeOptions): Promise<void>
}

/** Reads the records of one collection. Filters travel in the body, so no personal data gets into a URL. */
export function readClient<Stored>(call: Transport, name: string): ReadClient<Stored> {
  const find = (query: ClientQuery = {}, options: ClientCallOptions = {}): Promise<Page<Stored>> =>
    call({ method: 'post', path: `${name}/query`, body: query, reads: true, ...options })
  return {
    find,
    async *each(query = {}, options) {
      let page = await find(query, options)
      yield* page.items
      while (page.cursor !== undefined) {
        page = await find({ ...query, cursor: page.cursor }, options)
        yield* page.items
      }
    },
    get: (id, options) => call({ method: 'get', path: `${name}/${pathPart(id)}`, ...options }),
  }
}

/** Reads and changes the records of one collection. */
export function recordClient<Stored, New, Patch>(call: Transport, name: string): RecordClient<Stored, New, Patch> {
  return {
    ...readClient<Stored>(call, name),
    create: (input, options) => call({ method: 'post', path: name, body: input, ...options }),
    update: (id, patch, options) => call({ method: 'patch', path: `${name}/${pathPart(id)}`, body: patch, ...options }),
    delete: (id, options) => call({ method: 'delete', path: `${name}/${pathPart(id)}`, ...options }),
  }
}

/** A method that creates something at a path from its input. */
export function createCall<New, Stored>(
  call: Transport,
  path: string,
): (input: New, options?: ClientWriteOptions) => Promise<Stored> {
  return (input, options) => call({ method: 'post', path, body: input, ...options })
}

/** An id as one segment of a path. Throws `TypeError` for what would name another path, such as an empty id. */
export function pathPart(id: string): string {
  if (typeof id !== 'string' || !/^[\w-]+$/.test(id)) throw new TypeError('id must be the id of a record')
  return id
}
