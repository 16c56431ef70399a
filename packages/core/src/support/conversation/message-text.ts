/**
 * A customer's text as it is kept: line ends unified, and without the bidi embeddings and overrides (U+202A–U+202E) that make
 * text read in another order than it is written. Everything else stays: text is data, and whoever shows it treats it as such.
 */
export function cleanText(text: unknown): unknown {
  return typeof text === 'string' ? text.replaceAll(/\r\n?/g, '\n').replaceAll(/[\u202a-\u202e]/g, '') : text
}
