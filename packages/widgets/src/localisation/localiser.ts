import type { Money } from '../element/gateway.js'
import type { Catalogue } from './catalogue.js'
import type { MessageKey } from './messages.js'

/** Values for the `{name}` places of a message. Numbers are formatted for the locale; `n` chooses the plural. */
export type MessageValues = Readonly<Record<string, string | number>>

/** Turns keys, numbers, amounts and instants into text of one locale. */
export interface Localiser {
  /** The tag of the texts, for a `lang` attribute. */
  readonly language: string
  /** The text of a key; the key itself should the element's texts lack it. */
  text(key: MessageKey, values?: MessageValues): string
  /** The label of a value of a closed set (`stage`, `category` …); an unknown value is shown in plain words. */
  label(group: string, value: string): string
  /** `1,234`. */
  number(value: number): string
  /** A ratio of 0 to 1 as a percentage: 0.834 is `83%`. */
  share(ratio: number): string
  /** A span in weeks, with its unit: `4.1 weeks`. */
  weeks(count: number): string
  /** An amount with its currency; an unknown currency code is shown as it is. */
  money(amount: Money): string
  /** The day of an instant; an unreadable instant is shown as it is. */
  day(instant: string): string
  /** Day and time of an instant. */
  dayAndTime(instant: string): string
  /** Compares two texts as this locale's dictionaries do. */
  readonly compare: (left: string, right: string) => number
}

/**
 * A localiser for `locale` over a catalogue. Formats follow the full tag (`en-GB`) where its language is the
 * catalogue's, otherwise the catalogue's own language, so that words and formats never mix languages.
 */
export function createLocaliser(locale: string, catalogue: Catalogue, timeZone?: string): Localiser {
  const { language, messages } = catalogue
  const tag = locale.split('-', 1)[0]!.toLowerCase() === language ? locale : language
  const numbers = new Intl.NumberFormat(tag)
  const shares = new Intl.NumberFormat(tag, { style: 'percent' })
  const weeks = new Intl.NumberFormat(tag, {
    style: 'unit',
    unit: 'week',
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  })
  const plurals = new Intl.PluralRules(tag)
  const days = dateFormat(tag, { dateStyle: 'medium' }, timeZone)
  const times = dateFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }, timeZone)
  const amounts = new Map<string, Intl.NumberFormat>()

  const fill = (template: string, values: MessageValues): string =>
    template.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name]
      return typeof value === 'number' ? numbers.format(value) : (value ?? '')
    })

  return {
    language: tag,
    text(key, values = {}) {
      const message = messages[key]
      const { n = 0 } = values
      if (message === undefined) return key
      if (typeof message === 'string') return fill(message, values)
      return fill(message[plurals.select(Number(n))] ?? message.other, values)
    },
    label(group, value) {
      const message = messages[`${group}.${codeOf(value)}` as MessageKey]
      return typeof message === 'string' ? message : plainWords(value)
    },
    number: (value) => numbers.format(value),
    share: (ratio) => shares.format(ratio),
    weeks: (count) => weeks.format(count),
    money({ amountMinor, currency }) {
      let format = amounts.get(currency)
      try {
        format ??= new Intl.NumberFormat(tag, { style: 'currency', currency })
      } catch {
        return `${numbers.format(amountMinor / 100)} ${currency}`
      }
      amounts.set(currency, format)
      return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
    },
    day: (instant) => formatInstant(days, instant),
    dayAndTime: (instant) => formatInstant(times, instant),
    compare: new Intl.Collator(tag, { numeric: true }).compare,
  }
}

function dateFormat(tag: string, options: Intl.DateTimeFormatOptions, timeZone?: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(tag, { ...options, ...(timeZone && { timeZone }) })
  } catch {
    return new Intl.DateTimeFormat(tag, options)
  }
}

function formatInstant(format: Intl.DateTimeFormat, instant: string): string {
  const date = new Date(instant)
  return Number.isNaN(date.getTime()) ? instant : format.format(date)
}

/** The camel-case spelling of a code: `at_risk` and `atRisk` are the same code. */
export function codeOf(value: string): string {
  return value.replace(/[_-]+(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** `salesQualifiedLead` and `at_risk` become `Sales qualified lead` and `At risk`. */
function plainWords(value: string): string {
  const words = value
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
