/** Where the browser gets its token from; `undefined` for a visitor who is not signed in. */
export type GetToken = () => Promise<string | undefined>

/** The token in use. However many calls need one, the host is asked once. */
export interface TokenSource {
  current(): Promise<string | undefined>
  /** Another token than `refused`, or `undefined` when the host has no other. */
  replace(refused: string | undefined): Promise<string | undefined>
}

/** Keeps the token in memory only, until a server refuses it. A failed request for one is not kept. */
export function createTokenSource(getToken: GetToken): TokenSource {
  let held: Promise<string | undefined> | undefined

  function ask(): Promise<string | undefined> {
    const asked = getToken()
    held = asked
    asked.catch(() => {
      if (held === asked) held = undefined
    })
    return asked
  }

  return {
    current: () => held ?? ask(),
    async replace(refused) {
      const before = held
      const now = await (before ?? ask())
      if (now !== refused) return now
      // Whoever comes second finds the promise of the first and waits for the same answer.
      const next = await (held === before || held === undefined ? ask() : held)
      return next === refused ? undefined : next
    },
  }
}
