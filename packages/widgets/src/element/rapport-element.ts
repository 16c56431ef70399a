import { type ComponentChild, h, render } from 'preact'
import { catalogueOf, loadCatalogue, type Texts } from '../localisation/catalogue.js'
import { localeOf } from '../localisation/locale-of.js'
import { createLocaliser, type Localiser } from '../localisation/localiser.js'
import { foundationStyles } from './foundation.styles.js'
import { type LoadStateKind, loadStateKinds } from './load-state.js'
import type { RapportEventMap } from './rapport-events.js'
import { styleSheet } from './style-sheet.js'
import { watchLanguage } from './watch-language.js'

/** Bare Node has no `HTMLElement`; the classes must still be importable there. */
const HTMLElementOrNothing = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement

/**
 * What all elements of Rapport share: an open shadow root drawn by Preact, lazily constructed style sheets, one
 * render per burst of changes, the language of the nearest ancestor, and typed events.
 */
export abstract class RapportElement extends HTMLElementOrNothing {
  /** Attributes that every element observes; subclasses add theirs. */
  static readonly sharedAttributes: readonly string[] = ['locale', 'time-zone']

  #scheduled = false
  #stopWatching: (() => void) | undefined
  #internals: ElementInternals | undefined
  #localiser: { readonly key: string; readonly value: Localiser } | undefined

  /** CSS of the element itself, after the shared foundation. */
  protected abstract readonly styles: readonly string[]

  /** What the element says, in every language. */
  protected abstract readonly texts: Texts

  /** Accessors that a host may have set before the element was defined. */
  protected readonly lateProperties: readonly string[] = []

  /** What the element shows now. Called once per burst of changes, while connected. */
  protected abstract view(localiser: Localiser): ComponentChild

  connectedCallback(): void {
    for (const name of this.lateProperties) this.#adoptProperty(name)
    if (!this.shadowRoot) {
      const root = this.attachShadow({ mode: 'open' })
      root.adoptedStyleSheets = [foundationStyles, ...this.styles].map(styleSheet)
    }
    this.#stopWatching ??= watchLanguage(() => this.requestUpdate())
    this.connected()
    this.requestUpdate()
  }

  disconnectedCallback(): void {
    this.#stopWatching?.()
    this.#stopWatching = undefined
    this.disconnected()
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return
    this.attributeChanged(name)
    this.requestUpdate()
  }

  /** Draws again soon; many calls in one task draw once. */
  requestUpdate(): void {
    if (this.#scheduled || !this.isConnected) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      if (this.isConnected) this.#draw()
    })
  }

  /** Called whenever the element enters a document. */
  protected connected(): void {}

  /** Called whenever the element leaves a document. */
  protected disconnected(): void {}

  /** Called after an observed attribute changed. */
  protected attributeChanged(_name: string): void {}

  /** Called after each drawing. */
  protected drawn(): void {}

  /** Fires a typed event that bubbles out of any shadow root. Returns false when a host vetoed it. */
  protected emit<K extends keyof RapportEventMap>(
    type: K,
    detail: RapportEventMap[K]['detail'],
    options: { readonly cancelable?: boolean } = {},
  ): boolean {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, ...options }))
  }

  /** Reflects the load state as `:state(loading)` and so on, for the host's own CSS. */
  protected reflectState(kind: LoadStateKind): void {
    this.#internals ??= this.attachInternals?.()
    const states = this.#internals?.states
    for (const name of loadStateKinds) states?.delete(name)
    states?.add(kind)
  }

  #draw(): void {
    const localiser = this.#currentLocaliser()
    if (!localiser || !this.shadowRoot) return
    render(h('div', { class: 'base', part: 'base', lang: localiser.language }, this.view(localiser)), this.shadowRoot)
    this.drawn()
  }

  /** The localiser of the present language, or nothing while its texts are still on the way. */
  #currentLocaliser(): Localiser | undefined {
    const locale = localeOf(this)
    const catalogue = catalogueOf(this.texts, locale)
    if (!catalogue) {
      void loadCatalogue(this.texts, locale).then(() => this.requestUpdate())
      return undefined
    }
    const timeZone = this.getAttribute('time-zone') ?? undefined
    const key = `${locale} ${catalogue.language} ${timeZone ?? ''}`
    if (this.#localiser?.key !== key) this.#localiser = { key, value: createLocaliser(locale, catalogue, timeZone) }
    return this.#localiser.value
  }

  /** Moves a value that was set before the upgrade from the instance to the accessor it hides. */
  #adoptProperty(name: string): void {
    if (!Object.hasOwn(this, name)) return
    const value: unknown = Reflect.get(this, name)
    Reflect.deleteProperty(this, name)
    Reflect.set(this, name, value)
  }
}
