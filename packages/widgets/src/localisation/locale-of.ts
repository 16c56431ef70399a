/**
 * The language an element speaks: its own `locale` attribute, else the nearest `lang` above it, through shadow
 * boundaries, else English. Always a valid BCP 47 tag.
 */
export function localeOf(element: Element): string {
  const own = element.getAttribute('locale')
  if (own) return validTag(own)
  let node: Element | null = element
  while (node) {
    const holder: Element | null = node.closest('[lang]')
    if (holder) return validTag(holder.getAttribute('lang') ?? '')
    const root: Node = node.getRootNode()
    node = root instanceof ShadowRoot ? root.host : null
  }
  return 'en'
}

function validTag(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en'
  } catch {
    return 'en'
  }
}
