const sheets = new Map<string, CSSStyleSheet>()

/**
 * The constructed sheet of a piece of CSS, made on first use and shared by all elements. Lazily, because bare Node has
 * no `CSSStyleSheet`; constructed, because a strict `style-src` refuses `<style>` and `style` attributes.
 */
export function styleSheet(css: string): CSSStyleSheet {
  let sheet = sheets.get(css)
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    sheets.set(css, sheet)
  }
  return sheet
}
