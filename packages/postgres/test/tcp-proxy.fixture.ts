import { connect, createServer, type Socket } from 'node:net'

/** A wire to a server that a test can cut. */
export interface TcpProxy {
  /** The server's connection string, led through the proxy. */
  readonly connectionString: string
  /**
   * Cuts a connection when the client sends these words: before they arrive (`lost`), or when the server has answered them and before
   * the answer arrives (`answered`). Once.
   */
  cutOn(words: string, when: 'lost' | 'answered'): void
  /** Cuts all connections now. */
  cutAll(): void
  close(): Promise<void>
}

/** Starts a wire, on a port of its own or one that is named. */
export async function startTcpProxy(connectionString: string, port = 0): Promise<TcpProxy> {
  const target = new URL(connectionString)
  const wires = new Set<readonly [Socket, Socket]>()
  let trap: { readonly words: string; readonly when: 'lost' | 'answered' } | undefined
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    const wire = [client, upstream] as const
    wires.add(wire)
    const cut = (): void => {
      wires.delete(wire)
      client.destroy()
      upstream.destroy()
    }
    let isMuted = false
    client.on('data', (data) => {
      if (trap && data.includes(trap.words)) {
        const { when } = trap
        trap = undefined
        if (when === 'lost') return cut()
        isMuted = true
      }
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (isMuted) cut()
      else client.write(data)
    })
    for (const end of wire) end.on('error', cut).on('close', cut)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const through = new URL(connectionString)
  through.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  const cutAll = (): void => {
    for (const wire of wires) for (const end of wire) end.destroy()
  }
  return {
    connectionString: through.href,
    cutOn(words, when) {
      trap = { words, when }
    },
    cutAll,
    async close() {
      cutAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
