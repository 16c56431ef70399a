/** Accents and points that may be left out in writing. Vowel signs of Indic scripts and kana voicing change the word and stay. */
const marks =
  /(?:[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]|[\u0591-\u05c7]|[\u064b-\u065f]|\u0670)+/g

/** Letters that Unicode does not decompose, and how people without that key type them. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ȷ: 'j',
  ĸ: 'k',
  ł: 'l',
  ŋ: 'n',
  þ: 'th',
  ŧ: 't',
  ς: 'σ',
}
const special = new RegExp(`[${Object.keys(letters).join('')}]`, 'g')

/** Text of which only the case may have to change: ASCII and the common Chinese characters, which have no other forms. */
const plain = /^[ -~\t\r\n\u4e00-\u9fff]*$/

/**
 * Text without the differences that a searcher does not mind: case, accents, width (`Ａ`, `ｱ`), ligatures and compatibility forms.
 * `foldText('Łódź Straße')` is `lodz strasse`. Folding twice changes nothing more. The result may be longer than the text.
 */
export function foldText(text: string): string {
  if (plain.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(marks, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(marks, '')
    .replace(special, (letter) => letters[letter] ?? letter)
    .normalize('NFC')
}
