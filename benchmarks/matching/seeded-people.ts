import type { MatchableRecord } from '@rapport/core/matching'

const given =
  'james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph jessica thomas sarah charles karen daniel lisa matthew nancy anthony betty mark sandra paul ashley steven kimberly andrew emily kenneth donna joshua michelle kevin carol brian amanda george dorothy timothy melissa'.split(
    ' ',
  )
const starts =
  'smi john will brow jon gar mil dav rod mart her lop wil and tho tay moo jack lee per whi har san cla ram lew rob walk you all kin wri sco tor nguy hil flo gre ada nel bak hall riv cam mit car'.split(
    ' ',
  )
const ends =
  'th son liams wn es cia ler is riguez inez nandez ez ter erson mas lor re man field worth ford ley well ton by wood stone bridge hurst gate ham burn croft dale'.split(
    ' ',
  )
const cities =
  'London Paris Berlin Madrid Rome Vienna Dublin Oslo Prague Lisbon Athens Warsaw Boston Austin Denver Seattle Chicago Toronto Sydney Perth 北京 上海 广州 深圳 杭州 成都'.split(
    ' ',
  )
const trades = 'Foods Logistics Energy Medical Systems Trading Software Partners'.split(' ')

/** Numerical Recipes' 32-bit generator. */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Invented customers: four of five people are there once, the others two or three times with slips, gaps and other spellings. */
export function seededPeople(count: number, seed: number): { records: MatchableRecord[]; entityOf: Int32Array } {
  const below = seeded(seed)
  const pick = (list: readonly string[]): string => list[below(list.length)]!
  const records: MatchableRecord[] = []
  const entityOf = new Int32Array(count)
  for (let entity = 0; records.length < count; entity++) {
    const first = pick(given)
    const last = pick(starts) + pick(starts).slice(0, 2) + pick(ends)
    const email = `${first}.${last}${below(1_000)}@${pick(['gmail.com', 'outlook.com', 'example.org'])}`
    const phone = `+44${7_000_000_000 + below(999_999_999)}`
    const company = `${pick(starts)}${pick(ends)} ${pick(trades)} ${pick(['Ltd', 'Inc', 'GmbH'])}`
    const city = pick(cities)
    const copies = below(5) > 0 ? 1 : 2 + below(2)
    for (let copy = 0; copy < copies && records.length < count; copy++) {
      const name = `${first} ${last}`
      const slip = copy > 0 && below(3) === 0
      const at = 1 + below(name.length - 2)
      entityOf[records.length] = entity
      records.push({
        id: records.length,
        name: slip ? name.slice(0, at) + name.slice(at + 1) : copy > 0 && below(4) === 0 ? `${last}, ${first}` : name,
        email: copy > 0 && below(3) === 0 ? '' : copy > 0 && below(5) === 0 ? email.toUpperCase() : email,
        phone: below(4) === 0 ? '' : copy > 0 && below(2) === 0 ? phone.replace('+44', '0') : phone,
        company: below(3) === 0 ? '' : company,
        city: below(5) === 0 ? '' : city,
      })
    }
  }
  return { records, entityOf }
}
