/** What is used of a client of `pg` to end what it is running. Its fields are undocumented but old; without them nothing is sent. */
export interface PgServerProcess {
  readonly host?: string
  readonly port?: number
  readonly processID?: number | null
  readonly secretKey?: number | null
}

/** "Cancel request code" of PostgreSQL's message formats: 1234 in the upper half, 5678 in the lower. */
const cancelRequestCode = (1234 << 16) | 5678

/**
 * Asks the server to end the statement that a connection is running, over a connection that serves nothing else (PostgreSQL
 * documentation, "Canceling Requests in Progress"). Unlike `pg_cancel_backend` it needs no free place in the pool, and a pooling proxy
 * passes it on to the right server. Resolves when the request is delivered, could not be, or `timeoutMs` is over: whether the statement
 * ended, its own answer tells.
 */
export async function requestCancel(
  { host, port, processID, secretKey }: PgServerProcess,
  timeoutMs: number,
): Promise<void> {
  if (host === undefined || port === undefined || typeof processID !== 'number' || typeof secretKey !== 'number') return
  const { connect } = await import('node:net')
  const message = Buffer.alloc(16)
  message.writeInt32BE(16, 0)
  message.writeInt32BE(cancelRequestCode, 4)
  message.writeInt32BE(processID, 8)
  message.writeInt32BE(secretKey, 12)
  await new Promise<void>((resolve) => {
    const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
    // The server closes the connection once it has passed the signal on.
    socket.once('close', () => resolve())
    socket.once('error', () => resolve())
    socket.setTimeout(timeoutMs, () => socket.destroy())
    socket.end(message)
    socket.resume()
  })
}
