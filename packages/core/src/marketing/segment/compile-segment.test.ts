import { describe, expect, test } from 'vitest'
import { compileSegment, countedEvents, necessaryFilter, termsOf } from './compile-segment.js'

const at = '2026-03-31T00:00:00.000Z'
const nested = (depth: number): unknown => (depth === 0 ? { and: [] } : { not: nested(depth - 1) })

describe('a definition', () => {
  test.each<[string, unknown, string]>([
    ['that is nothing', undefined, 'definition'],
    ['that is a list', [], 'definition'],
    ['with two keys', { and: [], or: [] }, 'definition'],
    ['with a key nobody knows', { everyone: true }, 'definition'],
    ['with `and` that is no list', { and: { where: {} } }, 'definition.and'],
    ['over a field of nobody', { not: { where: { shoeSize: 44 } } }, 'shoeSize'],
    ['over an event’s field of nobody', { performed: { type: 'view', where: { shop: 'x' } } }, 'shop'],
    ['without a type of event', { performed: {} }, 'type'],
    ['of more than deep enough', nested(17), 'definition'],
    ['of more than 100 conditions', { or: Array.from({ length: 100 }, () => ({ and: [] })) }, 'definition'],
    [
      'of more than 10 terms',
      { or: Array.from({ length: 11 }, () => ({ performed: { type: 'view' } })) },
      'definition.or.10.performed',
    ],
    [
      'with fewer at most than at least',
      { performed: { type: 'view', atLeast: 3, atMost: 2 } },
      'definition.performed.atMost',
    ],
    [
      'with two windows',
      { performed: { type: 'view', within: { days: 1 }, between: { from: '2026-01-01', to: at } } },
      'definition.performed.between',
    ],
    [
      'with a window that ends before it starts',
      { performed: { type: 'view', between: { from: at, to: '2026-01-01' } } },
      'definition.performed.between.to',
    ],
    ['with half a day', { performed: { type: 'view', within: { days: 0.5 } } }, 'within.days'],
  ])('%s is refused where it is wrong', (_, definition, field) => {
    expect(() => compileSegment(definition)).toThrow(
      expect.objectContaining({ code: 'validation_failed', details: expect.objectContaining({ field }) }),
    )
  })

  test('that compares a property by range is refused: properties compare by equality on every storage', () => {
    const definition = { performed: { type: 'cart', where: { 'properties.quantity': { gt: 2 } } } }
    expect(() => compileSegment(definition)).toThrow(expect.objectContaining({ code: 'unsupported' }))
  })

  test('counts once or more, at most so often including never, in a window that ends at the moment', () => {
    const [once, rarely] = termsOf(
      compileSegment({
        and: [{ performed: { type: 'view', within: { days: 30 } } }, { notPerformed: { type: 'cart', atMost: 2 } }],
      }),
    )
    expect(once).toMatchObject({ atLeast: 1, atMost: Number.POSITIVE_INFINITY })
    expect(rarely).toMatchObject({ atLeast: 0, atMost: 2 })
    expect(once && countedEvents(once, at)).toEqual({
      op: 'and',
      args: [
        { op: 'eq', path: 'type', value: 'view' },
        { op: 'lte', path: 'at', value: at },
        { op: 'gt', path: 'at', value: '2026-03-01T00:00:00.000Z' },
      ],
    })
  })

  test('narrows candidates by what all members must be, and by nothing else', () => {
    const where = { lifecycleStage: 'customer' }
    const filter = { op: 'eq', path: 'lifecycleStage', value: 'customer' }
    const necessary = (definition: unknown) => necessaryFilter(compileSegment(definition))
    expect(necessary({ and: [{ performed: { type: 'view' } }, { and: [{ where }] }] })).toEqual(filter)
    for (const open of [{ or: [{ where }] }, { not: { where } }])
      expect(necessary(open)).toEqual({ op: 'and', args: [] })
  })
})
