import type { PgPool } from './pg-lease.js'

/** What is used of a client of `pg` that listens. */
interface ListeningClient {
  query(text: string): Promise<unknown>
  on(event: 'notification', listener: (notice: { readonly payload?: string }) => void): unknown
  on(event: 'error' | 'end', listener: () => void): unknown
  release(close: boolean): void
}

const firstDelayMs = 100
const longestDelayMs = 10_000

/**
 * Listens on a channel over one client of the pool, which serves nothing else meanwhile. When its connection breaks, it takes another, at
 * growing intervals while none is to be had, and then says that some notices may have been missed.
 */
export async function listenOnPool(
  pool: PgPool,
  channel: string,
  hear: (payload: string | undefined) => void,
): Promise<() => Promise<void>> {
  let stopped = false
  let current: ListeningClient | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const drop = (client: ListeningClient): boolean => {
    if (current !== client) return false
    current = undefined
    client.release(true)
    return true
  }
  const connect = async (): Promise<void> => {
    const client = (await pool.connect()) as unknown as ListeningClient
    if (stopped) return client.release(false)
    current = client
    const lost = (): void => {
      if (drop(client)) retry(firstDelayMs)
    }
    client.on('error', lost)
    client.on('end', lost)
    client.on('notification', ({ payload }) => hear(payload))
    try {
      await client.query(`listen "${channel}"`)
    } catch (error) {
      drop(client)
      throw error
    }
  }
  const retry = (delayMs: number): void => {
    if (stopped) return
    timer = setTimeout(() => {
      connect().then(
        () => hear(undefined),
        () => retry(Math.min(delayMs * 2, longestDelayMs)),
      )
    }, delayMs)
    // A process that has nothing else to do may end.
    timer.unref()
  }

  await connect()
  return async () => {
    stopped = true
    clearTimeout(timer)
    if (current) drop(current)
  }
}
