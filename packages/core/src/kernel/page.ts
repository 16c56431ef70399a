/** One page of a list. `cursor` is present exactly when there may be more. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Opaque; pass it to the next call with the same filter and order. */
  readonly cursor?: string
}

/** Walks all pages of a list, one read ahead at a time: `for await (const contact of eachItem(…))`. */
export async function* eachItem<T>(
  readPage: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  let cursor: string | undefined
  do {
    const page = await readPage(cursor)
    yield* page.items
    cursor = page.cursor
  } while (cursor !== undefined)
}
