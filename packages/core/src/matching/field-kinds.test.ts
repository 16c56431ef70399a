import { describe, expect, test } from 'vitest'
import { dateKind } from './calendar-date.js'
import { companyNameKind } from './company-name.js'
import { emailKey, emailKind } from './email-address.js'
import type { FieldKind, ReadValue } from './field-kind.js'
import { textKind } from './free-text.js'
import { fullLanguageSupport } from './full-language-support.js'
import { personNameKind } from './person-name.js'
import { phoneKind } from './phone-number.js'

/** Name of the level at which two texts agree, the same in both directions. */
function agreement<Value extends ReadValue>(
  kind: FieldKind<Value>,
  left: string,
  right: string,
  country?: string,
): string | undefined {
  const context = { languages: fullLanguageSupport, country }
  const [a, b] = [kind.read(left, context), kind.read(right, context)]
  if (!a || !b) return undefined
  expect(kind.compare(b, a)).toBe(kind.compare(a, b))
  return kind.levels[kind.compare(a, b)]?.name
}

test.each([[personNameKind], [emailKind], [phoneKind], [companyNameKind], [textKind], [dateKind]] as const)(
  'the known shares of a kind add up to one',
  ({ levels }) => {
    expect(levels.reduce((sum, { m }) => sum + m, 0)).toBeCloseTo(1, 10)
    expect(levels.reduce((sum, { u }) => sum + u, 0)).toBeCloseTo(1, 2)
  },
)

describe('e-mail addresses', () => {
  test.each([
    ['Ada.King+shop@GoogleMail.com', 'adaking@gmail.com'],
    ['ada.king+shop@outlook.com', 'ada.king@outlook.com'],
    ['ＡＤＡ@example.org', 'ada@example.org'],
    // A plus belongs to the name at providers that do not say otherwise.
    ['1442001674+news@qq.com', '1442001674+news@qq.com'],
    ['mailto:ada@example.org', 'ada@example.org'],
  ])('%s is the mailbox %s', (address, key) => expect(emailKey(address)).toBe(key))

  test.each(['', 'ada', '@example.org', 'ada@', 'ada king@example.org'])('%j is none', (text) =>
    expect(emailKey(text)).toBeUndefined(),
  )

  test.each([
    ['ada.king@gmail.com', 'adaking@gmail.com', 'same'],
    ['1442001674+news@qq.com', '1442001674@qq.com', 'sameElsewhere'],
    ['ada.king@gmail.com', 'ada_king@example.org', 'sameElsewhere'],
    ['matthew.hartford@gmail.com', 'matthew.hartfrod@gmail.com', 'close'],
    ['james.smith581@gmail.com', 'james.smith587@gmail.com', 'different'],
    ['sales@example.org', 'sales@example.org', 'sharedMailbox'],
    ['sales@example.org', 'sales@example.com', 'different'],
  ])('%s and %s: %s', (left, right, level) => expect(agreement(emailKind, left, right)).toBe(level))
})

describe('telephone numbers', () => {
  test.each([
    ['+447367817435', '07367817435', 'same'],
    ['００８６１８６１１８４８６８２', '186-1184-8682', 'same'],
    ['(415) 488-4287', '14154884287', 'same'],
    ['0571-88886666 转 801', '+86 571 8888 6666', 'same'],
    ['+447367817435', '+447367817436', 'close'],
    ['+447367817435', '+14155550100', 'different'],
    ['000', '+14155550100', undefined],
    ['11111111', '11111111', undefined],
  ])('%s and %s: %s', (left, right, level) => expect(agreement(phoneKind, left, right)).toBe(level))
})

// Valid numbers of the plans of CN, GB, DE and US, two of which end in the same eight digits; the last has no country and no area.
describe('telephone numbers of a country that is said', () => {
  test.each([
    ['CN', '138 0013 8000', '+8613800138000', 'same'],
    ['CN', '(0571) 8888-6666 转 801', '+86 571 8888 6666', 'same'],
    ['GB', '020 7946 0018', '+44 (0)20 7946 0018', 'same'],
    ['GB', '020 7946 0018', '020 7946 0019', 'close'],
    ['DE', '030 12345678', '+1 301 234 5678', 'different'],
    ['GB', '7946 0018', '+44 20 7946 0018', 'same'],
  ])('in %s, %s and %s: %s', (country, left, right, level) => {
    expect(agreement(phoneKind, left, right, country)).toBe(level)
  })
})

describe('names of people', () => {
  test.each([
    ['Ethan Carlford', 'Carlford, Ethan', 'same'],
    ['Mr James Smith', 'james smith', 'same'],
    ['Bob Carlton', 'Robert Carlton', 'variant'],
    ['Robert Pemley', 'Robert Z. Pemley', 'same'],
    ['陆若豪', 'Lu Ruohao', 'variant'],
    ['欧阳静', 'Jing Ouyang', 'variant'],
    ['解芳', 'Xie Fang', 'variant'],
    ['王芳', '王方', 'relative'],
    ['Hannah Johnson', 'Hannah lohnson', 'close'],
    ['James tSanby', 'James Stanby', 'close'],
    ['Matthew Hartford', 'MatthewHartford', 'close'],
    ['J. Thomas', 'James Thomas', 'initial'],
    ['Thomas', 'James Thomas', 'part'],
    ['Andrew Campbell', 'William Campbell', 'relative'],
    ['Ada King', 'Grace Hopper', 'different'],
    ['Dr.', 'Ada King', undefined],
  ])('%s and %s: %s', (left, right, level) => expect(agreement(personNameKind, left, right)).toBe(level))
})

describe('names of companies', () => {
  test.each([
    ['Analytical Engines Ltd.', 'ANALYTICAL ENGINES LIMITED', 'same'],
    ['深圳瑞豐航信息技術有限公司', '深圳瑞丰航信息技术股份有限公司', 'same'],
    ['北京腾飞洁贸易有限公司', '腾飞洁贸易', 'variant'],
    ['Harbor Hartfield', 'Harbor Hartfield Trading Inc', 'variant'],
    ['Harbor Hartfield Trading', 'Harbor Hartfeild Trading', 'close'],
    ['Acme Winley Energy', 'Initech Stanby Medical', 'different'],
    ['Ltd', 'LTD', 'same'],
  ])('%s and %s: %s', (left, right, level) => expect(agreement(companyNameKind, left, right)).toBe(level))
})

describe('other text', () => {
  test.each([
    ['上海市', 'Shanghai', 'same'],
    ["Xi'an", '西安', 'same'],
    ['London', 'Lonon', 'close'],
    ['wallaby place', 'wallaby court', 'partly'],
    ['London', 'Paris', 'different'],
  ])('%s and %s: %s', (left, right, level) => expect(agreement(textKind, left, right)).toBe(level))
})

describe('dates', () => {
  test.each([
    ['1971-06-24', '24.06.1971', 'same'],
    ['19710624', '1971年6月24日', 'same'],
    ['1971-06-24', '1971-05-24', 'close'],
    ['1971-06-24', '1971-06-42', 'close'],
    ['1971-03-12', '1971-12-03', 'close'],
    ['1971-06-24', '1971-11-03', 'sameYear'],
    ['1971-06-24', '1985-11-03', 'different'],
    ['yesterday', '1971-06-24', undefined],
  ])('%s and %s: %s', (left, right, level) => expect(agreement(dateKind, left, right)).toBe(level))
})
