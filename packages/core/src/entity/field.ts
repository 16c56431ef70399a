import * as z from 'zod/mini'
import { toInstant } from '../kernel/instant.js'
import { isCurrency } from '../kernel/money.js'
import { codePointLength, isStorableText } from '../kernel/text-safety.js'
import type { FieldType } from '../storage/entity-def.js'

/** Facts about a field that validation alone does not tell. Masks, export, erasure and log redaction follow from them. */
export interface FieldFlags {
  /** Says something about an identifiable person. */
  readonly personal?: boolean
  /** `prefix` and `contains` with `fold: true` work on it. */
  readonly folded?: boolean
  /** Set on creation, never changed afterwards. */
  readonly immutable?: boolean
  /** Entity whose id it holds. */
  readonly references?: string
}

/** What is known of a field: how it is stored, and its flags. */
export interface FieldFacts extends FieldFlags {
  readonly type: FieldType
}

/** Facts by schema. Every leaf of an entity's schema is made by a function of this file, which registers it here. */
export const fieldFacts: z.core.$ZodRegistry<FieldFacts> = z.registry<FieldFacts>()

interface TextOptions extends FieldFlags {
  /** In code points. */
  readonly maxLength?: number
  readonly minLength?: number
  readonly pattern?: RegExp
  /** The remedy told when `pattern` does not match. */
  readonly expected?: string
}

/** A line of text, at most 512 code points unless told: the longest that can be indexed. */
export function text(options: TextOptions = {}): z.ZodMiniString<string> {
  const { maxLength = 512, minLength = 0, pattern, expected, ...flags } = options
  const rules: TextRule[] = [
    [isStorableText, 'must not hold U+0000 or half a surrogate pair'],
    [
      (value) => value.length <= maxLength || codePointLength(value) <= maxLength,
      `must be at most ${maxLength} characters long`,
    ],
  ]
  if (minLength === 1) rules.push([(value) => value !== '', 'must not be empty'])
  else if (minLength > 1)
    rules.push([(value) => codePointLength(value) >= minLength, `must be at least ${minLength} characters long`])
  if (pattern) rules.push([(value) => pattern.test(value), expected ?? 'has the wrong form'])
  return z
    .string()
    .check(({ value, issues }) => {
      // One check with rules: checks of their own would each cost more than what they look at.
      for (const [holds, message] of rules)
        if (!holds(value)) issues.push({ code: 'custom', input: value, message, continue: true })
    })
    .register(fieldFacts, { type: 'text', ...flags })
}

/** What a text must be like, and what is said when it is not. */
type TextRule = readonly [holds: (value: string) => boolean, message: string]

/** Text of many lines, at most 100,000 code points unless told. Not indexed. */
export function longText(options: TextOptions = {}): z.ZodMiniString<string> {
  return text({ maxLength: 100_000, ...options })
}

/** One of a few words. */
export function oneOf<const Values extends readonly [string, ...string[]]>(
  values: Values,
  flags: FieldFlags = {},
): z.ZodMiniEnum<z.core.util.ToEnum<Values[number]>> {
  return z.enum(values).register(fieldFacts, { type: 'text', ...flags })
}

interface NumberOptions extends FieldFlags {
  readonly min?: number
  readonly max?: number
}

/** A whole number within ±2^53. */
export function int(options: NumberOptions = {}): z.ZodMiniNumber<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER, ...flags } = options
  return z
    .number()
    .check(
      z.refine((value) => Number.isSafeInteger(value), { error: 'must be a whole number' }),
      z.refine((value) => value >= min || !Number.isSafeInteger(value), {
        error: min === 0 ? 'must not be negative' : `must be at least ${min}`,
      }),
      z.refine((value) => value <= max || !Number.isSafeInteger(value), { error: `must be at most ${max}` }),
    )
    .register(fieldFacts, { type: 'int', ...flags })
}

/** A finite number. */
export function float(options: NumberOptions = {}): z.ZodMiniNumber<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, ...flags } = options
  return z
    .number()
    .check(z.refine((value) => value >= min && value <= max, { error: `must lie between ${min} and ${max}` }))
    .register(fieldFacts, { type: 'float', ...flags })
}

/** Yes or no. */
export function bool(flags: FieldFlags = {}): z.ZodMiniBoolean<boolean> {
  return z.boolean().register(fieldFacts, { type: 'bool', ...flags })
}

/** A moment. Accepts ISO 8601 with a zone; kept in UTC with exactly milliseconds. */
export function instant(
  flags: FieldFlags = {},
): z.ZodMiniPipe<z.ZodMiniString<string>, z.ZodMiniTransform<string, string>> {
  const readable = z.string().check(
    z.refine((value) => toInstant(value) !== undefined, {
      error: 'must be a moment such as 2026-03-01T10:00:00.000Z',
    }),
  )
  return z
    .pipe(
      readable,
      z.transform((value: string) => toInstant(value) as string),
    )
    .register(fieldFacts, { type: 'instant', ...flags })
}

/** A calendar date without a time, `2026-03-01`. */
export function date(flags: FieldFlags = {}): z.ZodMiniString<string> {
  return text({ ...flags, pattern: /^\d{4}-\d{2}-\d{2}$/, expected: 'must be a date such as 2026-03-01' })
    .check(z.refine((value) => toInstant(value) !== undefined, { error: 'must be a date that exists' }))
    .register(fieldFacts, { type: 'text', ...flags })
}

/** The id of a record of another entity. */
export function reference(entity: string, flags: FieldFlags = {}): z.ZodMiniString<string> {
  return text({ ...flags, references: entity, minLength: 1, maxLength: 64 })
}

/** A list of short texts; `has` and `hasAny` work on it. */
export function texts(
  options: { readonly maxItems?: number } & FieldFlags = {},
): z.ZodMiniArray<z.ZodMiniString<string>> {
  const { maxItems = 1_000, ...flags } = options
  return z
    .array(text({ minLength: 1 }))
    .check(z.refine((value) => value.length <= maxItems, { error: `must have at most ${maxItems} entries` }))
    .register(fieldFacts, { type: 'text[]', ...flags })
}

/** Words that records are filed under: without outer blanks, each once whatever its case. `has` and `hasAny` work on them as kept. */
export function tags(
  options: { readonly maxItems?: number } & FieldFlags = {},
): z.ZodMiniPipe<z.ZodMiniArray<z.ZodMiniString<string>>, z.ZodMiniTransform<string[], string[]>> {
  const { maxItems = 200, ...flags } = options
  return z
    .pipe(
      texts({ maxItems }),
      z.transform((given: string[]) => normaliseTags(given)),
    )
    .register(fieldFacts, { type: 'text[]', ...flags })
}

/** Tags as they are kept, in their order: composed, blanks made single, and of two that differ in case alone the first. */
export function normaliseTags(given: readonly string[]): string[] {
  const byKey = new Map<string, string>()
  for (const word of given) {
    const tag = word.normalize('NFC').trim().replace(/\s+/gu, ' ')
    const key = tag.toLowerCase()
    if (tag !== '' && !byKey.has(key)) byKey.set(key, tag)
  }
  return [...byKey.values()]
}

/** A structured value kept whole: not filterable, replaced as one. */
export function structured<Schema extends z.ZodMiniType>(schema: Schema, flags: FieldFlags = {}): Schema {
  fieldFacts.add(schema, { type: 'json', ...flags })
  return schema
}

/** An amount in minor units of a currency; stored as two fields, so both can be filtered. */
export function money(options: { readonly min?: number } & FieldFlags = {}): z.ZodMiniObject<{
  amountMinor: z.ZodMiniNumber<number>
  currency: z.ZodMiniString<string>
}> {
  const { min: _, ...flags } = options
  return z.strictObject({
    amountMinor: int(options),
    currency: text({ maxLength: 3 })
      .check(z.refine((value) => isCurrency(value), { error: 'must be an ISO 4217 code such as EUR' }))
      .register(fieldFacts, { type: 'text', ...flags }),
  }) as never
}
