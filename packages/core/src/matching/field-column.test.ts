import { expect, test } from 'vitest'
import { missing } from './field-column.js'
import { fullLanguageSupport } from './full-language-support.js'
import { recordColumns } from './record-columns.js'

const names = [
  'Ada King',
  'King, Ada',
  'Ada J. King',
  'Ada Lovelace King',
  'A. King',
  'Ada',
  '王小明',
  'Wang Xiaoming',
  '王晓明',
  'Adaking',
  'Ada Kling',
]
const emails = [
  'ada.king@gmail.com',
  'adaking@gmail.com',
  'ada.kling@gmail.com',
  'ada.king@example.org',
  'info@example.org',
  'ada.king7@gmail.com',
]
const phones = ['+44 20 7946 0018', '020 7946 0018', '7946 0018', '946 0018', '+44 20 7946 0019', '+86 138 0013 8000']
const companies = ['King Foods Ltd', 'King Foods Logistics', 'King', 'Kling Foods', '广州王氏有限公司', '王氏']
const towns = ['London', 'Londn', 'Greater London', '上海', 'Shanghai']
const days = ['1971-06-24', '24.06.1971', '1971-06-25', '1971-08-01', '1980-06-24']
const longest = Math.max(...[names, emails, phones, companies, towns, days].map(({ length }) => length))
const records = Array.from({ length: longest }, (_, id) => ({
  id,
  name: names[id],
  email: emails[id],
  phone: phones[id],
  company: companies[id],
  city: towns[id],
  birthDate: days[id],
}))

test.each([undefined, 'GB'])('a glance never excludes the level that two values agree at (country %s)', (country) => {
  const columns = recordColumns(records, {
    fields: {
      name: 'personName',
      email: 'email',
      phone: 'phone',
      company: 'companyName',
      city: 'text',
      birthDate: 'date',
    },
    languages: fullLanguageSupport,
    ...(country !== undefined && { country }),
  })
  let excluded = 0
  for (const column of columns) {
    for (const { id: left } of records) {
      for (const { id: right } of records) {
        const [level, reach] = [column.level(left, right), column.reach(left, right)]
        const pair = `${column.name} ${left} ${right}`
        expect(level === missing, pair).toBe(reach === missing)
        if (level === missing) continue
        expect(reach, pair).toBeLessThanOrEqual(level)
        // Worse than what a glance allows, only fixed weights remain; a mailbox that colleagues share has the same key.
        if (reach > 0 && level > reach) expect(column.kind.levels[level]?.counts, pair).toBeUndefined()
        if (reach > 0) excluded++
      }
    }
  }
  expect(excluded).toBeGreaterThan(100)
})
