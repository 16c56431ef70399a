/** Fetches a token from a route of the host; `undefined` where the host has none for this visitor. */
export async function tokenFrom(route: string): Promise<string | undefined> {
  const response = await fetch(route, { method: 'POST' })
  if (!response.ok) return undefined
  const { token } = (await response.json()) as { readonly token: string }
  return token
}
