/** What an element is made with: attributes as strings, `true` for those without value, and listeners under `on…`. */
export type Attributes = Readonly<Record<string, string | boolean | undefined | ((event: Event) => void)>>

/** Builds an element from text and other elements. Text stays text: no HTML is parsed, so nothing in it can run. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...content: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key.replace(/^on/, ''), value)
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value)
  }
  made.append(...content.filter((part) => part !== undefined))
  return made
}

/** The element of the page with this id. Throws when the page has none: page and script belong together. */
export function byId<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id)
  if (!found) throw new TypeError(`The page has no #${id}`)
  return found as E
}
