const listeners = new Set<() => void>()
let observer: MutationObserver | undefined

/**
 * Calls `listener` whenever some `lang` or `dir` of the document changes. One observer serves all elements and stops
 * with the last of them. Returns the way to stop.
 */
export function watchLanguage(listener: () => void): () => void {
  listeners.add(listener)
  if (!observer) {
    observer = new MutationObserver(() => {
      for (const each of listeners) each()
    })
    observer.observe(document, { subtree: true, attributes: true, attributeFilter: ['lang', 'dir'] })
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    observer?.disconnect()
    observer = undefined
  }
}
