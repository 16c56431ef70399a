import type { JSX } from 'preact'

/** How many colour tones the style sheet has, the neutral one included. */
const toneCount = 6

/**
 * Up to two initials of a name: the first letters of its first and last word, or the last two characters of a name
 * written as one word in Chinese, Japanese or Korean script, as is usual there. Empty for an empty name.
 */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean)
  const first = words[0]
  if (!first) return ''
  const oneWord = words.length === 1
  if (oneWord && /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(first)) {
    return Array.from(first).slice(-2).join('')
  }
  const letters = oneWord ? [first] : [first, words.at(-1)!]
  return letters.map((word) => Array.from(word)[0]!.toLocaleUpperCase()).join('')
}

/** A tone of 0 to 5 that stays the same for the same id. */
export function toneOf(id: string): number {
  let hash = 0
  for (let index = 0; index < id.length; index++) hash = (hash * 31 + id.charCodeAt(index)) >>> 0
  return hash % toneCount
}

/** A round badge with a person's initials; decoration beside the full name. */
export function Avatar({ id, name }: { readonly id: string; readonly name: string }): JSX.Element {
  return (
    <span class={`avatar tone-${toneOf(id)}`} part="avatar" aria-hidden="true">
      {initialsOf(name)}
    </span>
  )
}
