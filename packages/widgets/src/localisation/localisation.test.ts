import { describe, expect, test } from 'vitest'
import { catalogueOf, languages, loadCatalogue } from './catalogue.js'
import { en } from './en.js'
import { createLocaliser } from './localiser.js'
import type { Message } from './messages.js'

const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()
const texts = (message: Message): string[] => (typeof message === 'string' ? [message] : Object.values(message))

describe.each(languages.filter((language) => language !== 'en'))('the texts in %s', (language) => {
  test('have exactly the keys of the English ones, none empty', async () => {
    const { messages } = await loadCatalogue(language)
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort())
    for (const message of Object.values(messages)) expect(texts(message).every((text) => text !== '')).toBe(true)
  })

  test('use the same places for values', async () => {
    const { messages } = await loadCatalogue(language)
    for (const [key, message] of Object.entries<Message>(en)) {
      const wanted = places(texts(message).at(-1)!)
      for (const text of texts(messages[key as keyof typeof en])) expect([key, places(text)]).toEqual([key, wanted])
    }
  })

  test('cover every plural category of the language', async () => {
    const { messages } = await loadCatalogue(language)
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
    for (const [key, message] of Object.entries<Message>(messages)) {
      if (typeof message !== 'string') expect([key, Object.keys(message)]).toEqual([key, pluralCategories])
    }
  })
})

describe('a localiser', () => {
  test('chooses the plural and formats the number', () => {
    const localiser = createLocaliser('en-GB', catalogueOf('en')!)
    expect(localiser.text('table.count', { n: 1 })).toBe('1 customer')
    expect(localiser.text('table.count', { n: 12_345 })).toBe('12,345 customers')
  })

  test('formats amounts by the minor digits of their currency', () => {
    const localiser = createLocaliser('en', catalogueOf('en')!)
    expect(localiser.money({ amountMinor: 4999, currency: 'EUR' })).toBe('€49.99')
    expect(localiser.money({ amountMinor: 4999, currency: 'JPY' })).toBe('¥4,999')
    expect(localiser.money({ amountMinor: 4999, currency: 'KWD' })).toBe('KWD\u00a04.999')
    expect(localiser.money({ amountMinor: 4999, currency: 'not a code' })).toBe('49.99 not a code')
  })

  test('never mixes the words of one language with the formats of another', () => {
    const german = createLocaliser('de', catalogueOf('de')!)
    expect(german.language).toBe('en')
    expect(german.number(1234.5)).toBe('1,234.5')
  })

  test('shows days in the time zone it is told, and an unreadable instant as it is', () => {
    const localiser = createLocaliser('en', catalogueOf('en')!, 'Asia/Shanghai')
    expect(localiser.day('2026-09-30T20:00:00.000Z')).toBe('Oct 1, 2026')
    expect(localiser.day('yesterday')).toBe('yesterday')
    expect(createLocaliser('en', catalogueOf('en')!, 'Nowhere/Land').day('2026-09-30T12:00:00.000Z')).toContain('2026')
  })

  test('knows a code in both spellings and shows an unknown one in plain words', async () => {
    const chinese = createLocaliser('zh', await loadCatalogue('zh'))
    expect(chinese.label('segment', 'at_risk')).toBe('有流失风险')
    expect(chinese.label('segment', 'atRisk')).toBe('有流失风险')
    expect(chinese.label('segment', 'vip_club')).toBe('Vip club')
  })
})
