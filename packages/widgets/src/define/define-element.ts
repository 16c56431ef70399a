/**
 * Registers an element unless its tag is taken, so that a page which loads Rapport twice keeps working; a foreign class
 * under the tag is reported once on the console. Does nothing where there are no custom elements, as in bare Node.
 */
export function defineElement(tag: string, element: CustomElementConstructor): void {
  if (!globalThis.customElements) return
  const present = customElements.get(tag)
  if (!present) customElements.define(tag, element)
  else if (present !== element) console.warn(`<${tag}> is registered already; this copy of it is not used`)
}
