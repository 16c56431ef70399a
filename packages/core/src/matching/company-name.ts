import { distance } from 'fastest-levenshtein'
import { foldText } from '../storage/fold-text.js'
import type { FieldKind, ReadValue } from './field-kind.js'
import { jaroWinkler } from './jaro-winkler.js'
import { textHash } from './text-hash.js'

interface CompanyValue extends ReadValue {
  /** The first letters, which colleagues' records share. */
  readonly start: string
}

/** Legal forms, which say what a company is and not which. Folded. */
const legalForms = new Set(
  (
    'ab ag aktiengesellschaft aps as asa bhd bv co company corp corporation cv doo ek eurl fze gbr gmbh group holding holdings inc incorporated ' +
    'international intl kft kg kgaa kk limited limitada llc llp lp ltd ltda mbh nv og ohg oy oyj plc pllc pte pty pvt sa sae saga sarl sas sdn ' +
    'se sl spa spol spzoo srl sro ug vof zrt'
  ).split(' '),
)
const chineseForm =
  /(?:股份有限公司|有限责任公司|集团有限公司|控股有限公司|有限公司|总公司|分公司|公司|集团|控股|工作室|事务所|合伙企业|厂)+$/u
const chinesePlace = new RegExp(
  `^(?:中国|(?:${[
    '北京|上海|天津|重庆|广州|深圳|杭州|南京|苏州|武汉|成都|西安|长沙|郑州|青岛|济南|大连|沈阳|厦门|福州|宁波|无锡|合肥|昆明|南宁|南昌|贵阳|海口',
    '太原|石家庄|哈尔滨|长春|兰州|银川|西宁|乌鲁木齐|呼和浩特|拉萨|佛山|东莞|珠海|中山|温州|常州|嘉兴|绍兴|徐州|烟台|香港|澳门|台北',
    '广东|浙江|江苏|山东|河南|河北|湖南|湖北|四川|福建|安徽|江西|陕西|山西|辽宁|吉林|黑龙江|云南|贵州|广西|海南|甘肃|青海|宁夏|新疆|西藏|内蒙古|台湾',
  ].join('|')})(?:市|省|自治区)?)`,
  'u',
)

/** Names of organisations, with or without legal form and, in Chinese, the place in front. */
export const companyNameKind: FieldKind<CompanyValue> = {
  name: 'companyName',
  identifying: false,
  levels: [
    { name: 'same', m: 0.7, u: 0.003, counts: 'key' },
    { name: 'variant', m: 0.08, u: 0.003, counts: 'looseKey' },
    { name: 'close', m: 0.05, u: 0.003 },
    { name: 'different', m: 0.17, u: 0.991 },
  ],
  read(raw, { languages }) {
    const folded = foldText(raw).replaceAll('&', ' and ')
    if (/\p{Script=Han}/u.test(folded)) {
      const han = (languages.simplify?.(folded) ?? folded).replaceAll(/[^\p{L}\p{N}]+/gu, '')
      const key = han.replace(chineseForm, '') || han
      const looseKey = key.replace(chinesePlace, '') || key
      return { key, looseKey, start: looseKey.slice(0, 3) }
    }
    const words = folded
      .replaceAll(/[.'’]/g, '')
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== '')
    const kept = words.filter((word) => !legalForms.has(word) && word !== 'the' && word !== 'and')
    const key = (kept.length > 0 ? kept : words).join(' ')
    if (key === '') return undefined
    return { key, looseKey: key, start: key.slice(0, 10) }
  },
  blocks: () => [],
  coarse: ({ start }) => [`k:${start}`],
  // One begins like the other only where six letters are the same.
  sketch: ({ looseKey }) => (looseKey.length < 6 ? 0 : textHash(looseKey.slice(0, 6), 0)),
  reach: (left, right, sameLooseKey) => (sameLooseKey || (left === right && left !== 0) ? 1 : 2),
  compare(left, right) {
    if (left.key === right.key) return 0
    if (left.looseKey === right.looseKey) return 1
    const [short, long] =
      left.looseKey.length <= right.looseKey.length ? [left.looseKey, right.looseKey] : [right.looseKey, left.looseKey]
    if (short.length >= 6 && long.startsWith(`${short} `)) return 1
    const allowed = short.length >= 8 ? 2 : short.length >= 4 ? 1 : 0
    return distance(short, long) <= allowed || (short.length >= 8 && jaroWinkler(short, long) >= 0.95) ? 2 : 3
  },
}
