import { describe, expect, test } from 'vitest'
import { inventPerson } from './invented-people.js'
import { inventedActivities, inventedCompanies, inventedConsents } from './invented-relations.js'
import { inventedTickets } from './invented-tickets.js'

const numbers = Array.from({ length: 2_357 }, (_, index) => index + 1)
const people = numbers.map((number) => inventPerson(number))

describe('an invented person', () => {
  test('is the same on every machine and in any order', () => {
    expect(inventPerson(509)).toMatchObject({ firstName: 'Andre', lastName: 'Broussard' })
    expect(numbers.toReversed().map((number) => inventPerson(number))).toEqual(people.toReversed())
  })

  test('is another one for another seed', () => {
    const others = numbers.map((number) => inventPerson(number, 'another seed'))
    expect(others.filter((other, index) => other.firstName === people[index]?.firstName).length).toBeLessThan(200)
  })

  test('has an address of their own at a domain that RFC 2606 reserves', () => {
    expect(new Set(people.map(({ email }) => email)).size).toBe(people.length)
    expect(people.filter(({ email }) => !/^[a-z]+\.[a-z]+\.\d+@example\.(com|net|org)$/.test(email))).toEqual([])
  })

  test('has a phone number from the block that is kept for fiction, or none', () => {
    const phones = people.flatMap(({ phone }) => phone ?? [])
    expect(phones.filter((phone) => !/^\+1 \d{3} 555 01\d\d$/.test(phone))).toEqual([])
    expect(phones.length).toBeGreaterThan(600)
    expect(phones.length).toBeLessThan(1_000)
  })

  test('has one of many names, some of them Chinese', () => {
    const names = new Set(people.map(({ firstName, lastName }) => `${firstName} ${lastName}`))
    expect(names.size).toBeGreaterThan(1_500)
    const chinese = people.filter(({ firstName }) => /^\p{Script=Han}+$/u.test(firstName))
    expect(chinese.length).toBeGreaterThan(50)
    expect(chinese.every(({ locale, lastName }) => locale === 'zh-CN' && /^\p{Script=Han}+$/u.test(lastName))).toBe(
      true,
    )
  })
})

describe('invented records', () => {
  test('are about customers of the log', () => {
    const ids = [
      ...inventedTickets.map(({ customerId }) => customerId),
      ...inventedActivities.map(({ customerId }) => customerId),
      ...inventedConsents.map(({ customerId }) => customerId),
      ...inventedCompanies.flatMap(({ people: staff }) => staff.map(([customerId]) => customerId)),
    ]
    expect(ids.filter((id) => id < 1 || id > 2_357)).toEqual([])
  })

  test('can be told apart, so that an interrupted start finds what it wrote', () => {
    const tickets = inventedTickets.map(({ customerId, subject }) => `${customerId} ${subject}`)
    expect(new Set(tickets).size).toBe(tickets.length)
    expect(new Set(inventedActivities.map(({ key }) => key)).size).toBe(inventedActivities.length)
    const consents = inventedConsents.map(({ customerId, purpose, channel }) => `${customerId} ${purpose} ${channel}`)
    expect(new Set(consents).size).toBe(consents.length)
  })

  test('lie in the past, every message after the one before', () => {
    for (const { openedHoursAgo, messages, subject } of inventedTickets) {
      const hours = messages.map(([afterHours]) => afterHours)
      expect(hours[0], subject).toBe(0)
      expect(
        hours.toSorted((left, right) => left - right),
        subject,
      ).toEqual(hours)
      expect(hours.at(-1), subject).toBeLessThan(openedHoursAgo)
      expect(messages[0]?.[1], subject).toBe('customer')
    }
  })
})
