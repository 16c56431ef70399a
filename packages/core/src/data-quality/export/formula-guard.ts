/**
 * What a spreadsheet program would run as a formula: a cell that begins with `=`, `+`, `-`, `@`, their full-width forms, a tab or a
 * line end. https://owasp.org/www-community/attacks/CSV_Injection
 */
const dangerous = /^'*[=+\-@＝＋－＠\t\r\n]/

/**
 * The text with an apostrophe before it when a spreadsheet program would run it as a formula. Text that looks guarded already gets
 * one more, so that {@link unguardFormula} always gives back what was there.
 */
export function guardFormula(text: string): string {
  return dangerous.test(text) ? `'${text}` : text
}

/** The text without the apostrophe of {@link guardFormula}. */
export function unguardFormula(text: string): string {
  return text.startsWith("'") && dangerous.test(text.slice(1)) ? text.slice(1) : text
}
