import { describe, expect, test } from 'vitest'
import { createSeededRandom } from './seeded-random.js'

describe('createSeededRandom', () => {
  const draw = (seed: number, label?: string): number[] => {
    const random = createSeededRandom(seed, label)
    return Array.from({ length: 20 }, () => random.integer(0, 999))
  }

  test('repeats itself with the same seed and label, and not with another', () => {
    expect(draw(1, 'a')).toEqual(draw(1, 'a'))
    expect(draw(1, 'a')).not.toEqual(draw(2, 'a'))
    expect(draw(1, 'a')).not.toEqual(draw(1, 'b'))
  })

  test('draws every integer between its bounds about as often', () => {
    const random = createSeededRandom(3)
    const counts = [0, 0, 0, 0, 0]
    for (let index = 0; index < 10_000; index++) counts[random.integer(-2, 2) + 2]!++
    // 2,000 expected each; five standard deviations of a binomial count are 200.
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(200)
  })

  test('shuffles without losing anything, and makes well-formed ids', () => {
    const random = createSeededRandom(4)
    const items = [1, 2, 3, 4, 5, 6, 7, 8]
    const shuffled = random.shuffle(items)
    expect(shuffled).not.toEqual(items)
    expect(shuffled.toSorted()).toEqual(items)
    expect(random.id()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(() => random.pick([])).toThrow(TypeError)
  })
})
