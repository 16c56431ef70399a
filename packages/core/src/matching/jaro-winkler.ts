/** Kept from call to call: millions of calls would otherwise be spent on making them. */
let taken = new Uint8Array(64)
let matched = new Uint16Array(64)

/**
 * Jaro-Winkler similarity of two texts, 0 to 1 (Jaro 1989; Winkler 1990): the share of characters that match within half the longer
 * length, less half the transpositions, raised by 0.1 for each of up to four equal first characters where the Jaro similarity is
 * above 0.7. Counts UTF-16 units.
 */
export function jaroWinkler(left: string, right: string): number {
  if (left === right) return left === '' ? 0 : 1
  const [short, long] = left.length <= right.length ? [left, right] : [right, left]
  if (short.length === 0) return 0
  const window = Math.max(0, (long.length >> 1) - 1)
  if (long.length > taken.length) {
    taken = new Uint8Array(long.length * 2)
    matched = new Uint16Array(long.length * 2)
  }
  taken.fill(0, 0, long.length)
  let matches = 0
  for (let index = 0; index < short.length; index++) {
    const unit = short.charCodeAt(index)
    const end = Math.min(long.length, index + window + 1)
    for (let place = Math.max(0, index - window); place < end; place++) {
      if (taken[place] === 0 && long.charCodeAt(place) === unit) {
        taken[place] = 1
        matched[matches++] = unit
        break
      }
    }
  }
  if (matches === 0) return 0
  let crossed = 0
  let next = 0
  for (let place = 0; place < long.length; place++) {
    if (taken[place] === 1 && long.charCodeAt(place) !== matched[next++]) crossed++
  }
  const jaro = (matches / short.length + matches / long.length + (matches - (crossed >> 1)) / matches) / 3
  if (jaro <= 0.7) return jaro
  let prefix = 0
  while (prefix < 4 && prefix < short.length && short[prefix] === long[prefix]) prefix++
  return jaro + prefix * 0.1 * (1 - jaro)
}
