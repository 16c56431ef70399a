import { describe, expect, test } from 'vitest'
import { englishLocaliser } from '../../test/sample-localiser.js'
import { customerCardTexts } from '../customer-card/customer-card.texts.js'
import { customerTableTexts } from '../customer-table/customer-table.texts.js'
import { ticketFormTexts } from '../ticket-form/ticket-form.texts.js'
import { ticketListTexts } from '../ticket-list/ticket-list.texts.js'
import { catalogueOf, loadCatalogue, type Texts } from './catalogue.js'
import { createLocaliser } from './localiser.js'
import type { Message, MessageKey } from './messages.js'

const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()
const texts = (message: Message): string[] => (typeof message === 'string' ? [message] : Object.values(message))

describe.each([
  ['customer table', customerTableTexts],
  ['customer card', customerCardTexts],
  ['ticket form', ticketFormTexts],
  ['ticket list', ticketListTexts],
])('the Chinese texts of the %s', (_, all) => {
  const english = Object.entries<Message>(all.en) as [MessageKey, Message][]

  test('have exactly the keys of the English ones, none empty', async () => {
    const chinese = await all.zh()
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(all.en).sort())
    for (const message of Object.values(chinese)) expect(texts(message).every((text) => text !== '')).toBe(true)
  })

  test('use the same places for values', async () => {
    const chinese = await all.zh()
    for (const [key, message] of english) {
      const wanted = places(texts(message).at(-1)!)
      for (const text of texts(chinese[key]!)) expect([key, places(text)]).toEqual([key, wanted])
    }
  })

  test('cover every plural category of their language', async () => {
    for (const [language, messages] of [
      ['en', all.en],
      ['zh', await all.zh()],
    ] as const) {
      const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
      for (const [key, message] of Object.entries<Message>(messages)) {
        if (typeof message !== 'string')
          expect([key, Object.keys(message).sort()]).toEqual([key, pluralCategories.sort()])
      }
    }
  })
})

describe('a catalogue', () => {
  test('of a language we do not speak is English', () => {
    expect(catalogueOf(ticketFormTexts, 'de-AT')?.language).toBe('en')
  })

  test('is English when the module of its language cannot be loaded', async () => {
    const broken: Texts = { en: { retry: 'Try again' }, zh: () => Promise.reject(new TypeError('Failed to fetch')) }
    expect(catalogueOf(broken, 'zh-CN')).toBeUndefined()
    expect(await loadCatalogue(broken, 'zh-CN')).toEqual({ language: 'en', messages: broken.en })
    expect(catalogueOf(broken, 'zh-CN')?.language).toBe('en')
  })
})

describe('a localiser', () => {
  test('chooses the plural and formats the number', () => {
    const localiser = englishLocaliser('en-GB')
    expect(localiser.text('table.count', { n: 1 })).toBe('1 customer')
    expect(localiser.text('table.count', { n: 12_345 })).toBe('12,345 customers')
  })

  test('formats amounts by the minor digits of their currency', () => {
    const localiser = englishLocaliser()
    expect(localiser.money({ amountMinor: 4999, currency: 'EUR' })).toBe('€49.99')
    expect(localiser.money({ amountMinor: 4999, currency: 'JPY' })).toBe('¥4,999')
    expect(localiser.money({ amountMinor: 4999, currency: 'KWD' })).toBe('KWD\u00a04.999')
    expect(localiser.money({ amountMinor: 4999, currency: 'not a code' })).toBe('49.99 not a code')
  })

  test('never mixes the words of one language with the formats of another', () => {
    const german = englishLocaliser('de')
    expect(german.language).toBe('en')
    expect(german.number(1234.5)).toBe('1,234.5')
  })

  test('shows days in the time zone it is told, and an unreadable instant as it is', () => {
    const localiser = englishLocaliser('en', 'Asia/Shanghai')
    expect(localiser.day('2026-09-30T20:00:00.000Z')).toBe('Oct 1, 2026')
    expect(localiser.day('yesterday')).toBe('yesterday')
    expect(englishLocaliser('en', 'Nowhere/Land').day('2026-09-30T12:00:00.000Z')).toContain('2026')
  })

  test('knows a code in both spellings and shows an unknown one in plain words', async () => {
    const chinese = createLocaliser('zh', await loadCatalogue(customerTableTexts, 'zh'))
    expect(chinese.label('segment', 'at_risk')).toBe('有流失风险')
    expect(chinese.label('segment', 'atRisk')).toBe('有流失风险')
    expect(chinese.label('segment', 'vip_club')).toBe('Vip club')
  })
})
