/** HTML that is safe to send: made by {@link html} alone, never from a plain string. */
export class SafeHtml {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** What may stand in a template: text (which is escaped), HTML made the same way, lists of both, and nothing. */
export type HtmlPart = string | number | SafeHtml | readonly HtmlPart[] | undefined | false

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Builds HTML. Every value is escaped for text and for quoted attributes, so customers' markup stays text. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): SafeHtml {
  return new SafeHtml(strings.reduce((text, string, index) => text + textOf(parts[index - 1]) + string))
}

function textOf(part: HtmlPart): string {
  if (part === undefined || part === false) return ''
  if (part instanceof SafeHtml) return part.toString()
  if (typeof part === 'object') return part.map(textOf).join('')
  return String(part).replace(/[&<>"']/g, (mark) => entities[mark] as string)
}
