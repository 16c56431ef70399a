import { expect } from 'vitest'

/** The one element inside a widget's shadow root that matches; fails when there is none. */
export function inside<E extends HTMLElement = HTMLElement>(host: HTMLElement, selector: string): E {
  const found = host.shadowRoot?.querySelector<E>(selector)
  expect(found, `${selector} inside <${host.localName}>`).toBeTruthy()
  return found!
}

/** The texts of all elements inside a widget that match. */
export function textsInside(host: HTMLElement, selector: string): string[] {
  return Array.from(host.shadowRoot?.querySelectorAll(selector) ?? [], (found) => found.textContent?.trim() ?? '')
}

/** The element that has the focus, through shadow roots. */
export function focused(): Element | null {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active
}

/** A promise that a test settles when it wants to. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void } {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((accept, refuse) => {
    resolve = accept
    reject = refuse
  })
  return { promise, resolve, reject }
}

/** Markup and scripts as a malicious customer would type them. */
export const hostileText = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"><svg onload=hacked=1>{{7*7}}`
