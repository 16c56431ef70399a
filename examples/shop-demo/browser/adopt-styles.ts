/** Gives the page its styles without a style element: a constructed sheet needs no leave of the policy. */
export function adoptStyles(...texts: readonly string[]): void {
  document.adoptedStyleSheets = texts.map((text) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  })
}
