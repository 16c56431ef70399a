import { compileTermOrder, type EntityDef, type OrderTerm } from '@rapport/core/storage'
import { describe, expect, it } from 'vitest'
import { compileTerm, isEncodable, termTypes } from './index-term.js'

const def: EntityDef = {
  name: 'sample',
  fields: {
    name: { type: 'text' },
    size: { type: 'int' },
    value: { type: 'float' },
    open: { type: 'bool' },
    at: { type: 'instant' },
    tags: { type: 'text[]' },
    custom: { type: 'json' },
  },
  indexes: [],
}

const values: Readonly<Record<string, readonly unknown[]>> = {
  name: [undefined, '', 'a', 'ab', 'b', 'é', '\ue000', '\uffff', '\u{1f600}', 'a\u{1f600}'],
  size: [undefined, -2, 0, 1, 7, Number.MAX_SAFE_INTEGER],
  value: [undefined, -1e300, -1e-300, 0, 0.25, 1e300],
  open: [undefined, false, true],
  at: [undefined, '0001-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '2026-03-01T00:00:00.001Z'],
}

describe('the pieces of a key', () => {
  for (const [path, held] of Object.entries(values)) {
    for (const term of [path, `-${path}`] as OrderTerm[]) {
      it(`sort as core's order does by ${term}, missing values last, and none begins another`, () => {
        const { encode } = compileTerm(term, def.fields[path]!.type)
        const compare = compileTermOrder(def, term)
        for (const left of held) {
          for (const right of held) {
            const [a, b] = [encode(left), encode(right)]
            expect(Math.sign((a === b ? 0 : a < b ? -1 : 1) + 0)).toBe(
              Math.sign(compare(left as string, right as string)) + 0,
            )
            if (left !== right) expect(a.startsWith(b)).toBe(false)
          }
        }
      })
    }
  }

  it('take -0 for 0', () => {
    const { encode } = compileTerm('value', 'float')
    expect(encode(-0)).toBe(encode(0))
    expect(compileTerm('-value', 'float').encode(0)).toBe(compileTerm('-value', 'float').encode(-0))
  })
})

describe('what a key cannot be made of', () => {
  it('is left to the evaluator: values of another type, instants in another form', () => {
    expect(isEncodable('instant', '2026-03-01T00:00:00.000Z')).toBe(true)
    expect(isEncodable('instant', '2026-03-01')).toBe(false)
    expect(isEncodable('text', 'a\u0000b')).toBe(false)
    expect(isEncodable('int', Number.POSITIVE_INFINITY)).toBe(false)
    expect(isEncodable('bool', 1)).toBe(false)
    expect(isEncodable('json', 'a')).toBe(false)
  })

  it('is refused in an index, naming the field', () => {
    expect(() => termTypes(def, ['nowhere'], 'order')).toThrow(/nowhere/)
    expect(() => termTypes(def, ['tags'], 'order')).toThrow(/tags/)
    expect(() => termTypes(def, ['name'], 'member')).toThrow(/name/)
    expect(() => termTypes(def, ['tags', 'name'], 'member')).toThrow(/one text\[\] field/)
    expect(termTypes(def, ['-at', 'name'], 'order')).toEqual(['instant', 'text'])
  })
})
