/** Time after the last change before it is announced, so that typing is not talked over. */
const quietMs = 600

/** Holds the words for a polite live region: only the last of a burst is said, after a moment of quiet. */
export class Announcer {
  #text = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #changed: () => void

  /** `changed` is called when there are new words to show. */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** The words last said. */
  get text(): string {
    return this.#text
  }

  /** Says what `compose` returns once nothing else was said for a moment. */
  say(compose: () => string): void {
    this.stop()
    this.#timer = setTimeout(() => {
      this.#text = compose()
      this.#changed()
    }, quietMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
