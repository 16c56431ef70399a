import { foldText } from '../../storage/fold-text.js'
import type { SearchText } from '../../storage/search-rank.js'
import { addFoldedTerms, searchTermsLimit } from '../../storage/search-tokens.js'
import type { SearchField } from './search-field.js'

/** What is stored with a record so that it is found. */
export interface SearchColumns {
  readonly searchTerms: readonly string[] | null
  readonly searchTexts: readonly string[] | null
}

/** Of a record that is not to be found. */
export const noSearchColumns: SearchColumns = { searchTerms: null, searchTexts: null }

/** Texts longer than this are found by their words as written alone. In UTF-16 units. */
const longestSpoken = 60
/** Of longer texts, ranking sees the beginning. In UTF-16 units. */
const longestKept = 500

/** The terms of a record's texts in all their spellings. What Chinese needs is loaded with the first Chinese text. */
export async function searchColumnsOf(
  fields: readonly SearchField[],
  texts: readonly SearchText[],
): Promise<SearchColumns> {
  const terms = new Set<string>()
  const kept = new Set<string>()
  for (const { field, texts: written } of texts) {
    const spoken = fields.find((each) => each.field === field)?.spoken
    for (const text of written)
      for (const spelling of ascii.test(text) ? [text] : await spellingsOf(text, spoken)) {
        const folded = foldText(spelling)
        addFoldedTerms(terms, folded)
        kept.add(`${field}=${folded.slice(0, longestKept)}`)
      }
  }
  return {
    searchTerms: terms.size > 0 ? [...terms].slice(0, searchTermsLimit) : null,
    searchTexts: kept.size > 0 ? [...kept] : null,
  }
}

/** A query in the spelling that every record is found by. */
export async function searchSpelling(query: string): Promise<string> {
  return han.test(query) ? (await loadChinese()).simplified(query) : query
}

const ascii = /^[\0-\x7f]*$/
const han = /\p{Script=Han}/u
const umlaut = /[äöüÄÖÜ]/
const umlauts: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' }

async function spellingsOf(text: string, spoken: 'name' | 'text' | undefined): Promise<string[]> {
  const spellings = [text]
  const composed = text.normalize('NFC')
  if (umlaut.test(composed)) spellings.push(composed.replace(/[äöüÄÖÜ]/g, (letter) => umlauts[letter] ?? letter))
  if (!han.test(text)) return spellings
  const chinese = await loadChinese()
  const simple = chinese.simplified(text)
  if (simple !== text) spellings.push(simple)
  if (spoken && simple.length <= longestSpoken) spellings.push(...chinese.spokenForms(simple, spoken))
  return spellings
}

/** Tables of characters, larger than all of core: only those who write Chinese load them. */
function loadChinese(): Promise<typeof import('./chinese-spelling.js')> {
  return import('./chinese-spelling.js')
}
