/** What a library knows of a language or of the world's numbering plans. Each is optional: without it, matching does what it can. */
export interface LanguageSupport {
  /**
   * A telephone number in E.164 (`+8613800138000`), or `undefined` where the number is not valid. `country` is the ISO 3166 code
   * (`CN`) that a number without a prefix is read in.
   */
  e164?(phone: string, country: string | undefined): string | undefined
  /** The syllables of a Chinese personal name, one for each character, without tones; surnames read as surnames (`单` is `shan`). */
  nameSyllables?(name: string): readonly string[]
  /** The syllables of other Chinese text. */
  textSyllables?(text: string): readonly string[]
  /** Traditional characters as simplified ones. */
  simplify?(text: string): string
}
