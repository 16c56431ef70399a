import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../numerics/seeded-random.js'
import { readReferenceRows } from '../reference-data/cdnow.fixture.js'
import { compareClusterCounts } from './cluster-counts.js'
import { assignClusters, clusterCustomers, clusterReasons } from './cluster-customers.js'
import reference from './reference-data/cdnow-rfm-kmeans.json' with { type: 'json' }

const columns = ['silence', 'frequency', 'spend']
const x = Float64Array.from(
  readReferenceRows('./cdnow-sample-rfm.csv').flatMap((row) =>
    [row.days_since_last, row.purchase_days, row.total_spend].map((value) => Math.log1p(Number(value))),
  ),
)

describe('clusterCustomers on log RFM of the CDNOW sample, against the best of 50 starts elsewhere', () => {
  it.each([
    [3, reference.k3],
    [4, reference.k4],
    [5, reference.k5],
  ])('k = %i: inertia and sizes, from any seed', (k, expected) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const clusters = clusterCustomers({ x, columns, k, seed })
      expect(clusters.inertia).toBeLessThan(expected.inertia * (1 + 1e-6))
      expect(clusters.inertia).toBeGreaterThan(expected.inertia * (1 - 1e-6))
      expect(clusters.sizes.toSorted((a, b) => b - a)).toEqual(expected.sizes)
    }
  })

  it('gives clusters the same labels whatever the seed, and new rows the cluster of old ones', () => {
    const one = clusterCustomers({ x, columns, k: 4, seed: 1 })
    const other = clusterCustomers({ x, columns, k: 4, seed: 99 })
    expect(other.clusterOf).toEqual(one.clusterOf)
    expect(assignClusters(one, x)).toEqual(one.clusterOf)
  })

  it('describes clusters by their distance from the mean', () => {
    const clusters = clusterCustomers({ x, columns, k: 4, seed: 1 })
    clusters.profiles.forEach((profile, c) => {
      const [first] = clusterReasons(clusters, c)
      const deviations = Number(first!.evidence.deviations)
      expect(Math.abs(deviations)).toBe(Math.max(...profile.map(Math.abs)))
      expect(first!.what).toBe(deviations > 0 ? 'above_average' : 'below_average')
    })
    const levels = clusters.profiles.map((profile) => profile.reduce((sum, value) => sum + value, 0))
    expect(levels).toEqual(levels.toSorted((a, b) => b - a))
    // Everybody's mean is the mean of the clusters, weighted by their size.
    columns.forEach((_, j) => {
      const total = clusters.profiles.reduce((sum, profile, c) => sum + profile[j]! * clusters.sizes[c]!, 0)
      expect(Math.abs(total)).toBeLessThan(1e-8)
    })
    expect(() => clusterReasons(clusters, 4)).toThrow(TypeError)
  })
})

describe('clusterCustomers on 60,000 rows around five known centers', () => {
  it('finds them again through the sample of starts', () => {
    const random = seededRandom(5)
    const centers = [0, 10, 20, 30, 40]
    const rows = Float64Array.from({ length: 120_000 }, (_, i) => centers[(i >> 1) % 5]! + random() - 0.5)
    const clusters = clusterCustomers({ x: rows, columns: ['a', 'b'], k: 5, seed: 1 })
    expect(clusters.sizes).toEqual([12_000, 12_000, 12_000, 12_000, 12_000])
    clusters.centers.forEach(([a], c) => {
      expect(Math.abs(a! - (40 - 10 * c))).toBeLessThan(0.02)
    })
  })
})

describe('compareClusterCounts', () => {
  it('prefers the number of clusters that are there', () => {
    const random = seededRandom(7)
    const rows = Float64Array.from({ length: 600 }, (_, i) => ((i >> 1) % 3) * 10 + random())
    const counts = compareClusterCounts({ x: rows, columns: ['a', 'b'], seed: 1 }, [2, 3, 4])
    const [two, three, four] = counts
    expect(three!.silhouette).toBeGreaterThan(Math.max(two!.silhouette, four!.silhouette, 0.9))
    expect(two!.inertia).toBeGreaterThan(10 * three!.inertia)
    expect(four!.inertia).toBeLessThan(three!.inertia)
  })

  it('computes the silhouette of a small example by hand', () => {
    // 0 and 1 against 10: (10 - 1) / 10, (9 - 1) / 9, and 0 for the row that is alone.
    const [two] = compareClusterCounts({ x: Float64Array.of(0, 1, 10), columns: ['a'], seed: 1 }, [2, 9])
    expect(two!.silhouette).toBeCloseTo((9 / 10 + 8 / 9) / 3, 12)
  })
})

describe('clusterCustomers in corners', () => {
  it.each([1, 2, 3])('finds no more clusters than distinct rows, seed %i', (seed) => {
    const clusters = clusterCustomers({ x: Float64Array.of(1, 1, 5, 5), columns: ['a'], k: 9, seed })
    expect(clusters).toMatchObject({ k: 2, sizes: [2, 2], centers: [[5], [1]], inertia: 0 })
    expect([...clusters.clusterOf]).toEqual([1, 1, 0, 0])
    expect(clusters.warnings[0]).toMatch(/^There are 2 clusters rather than 9/)
  })

  it('defines nobody, and a column that does not vary', () => {
    const none = clusterCustomers({ x: new Float64Array(0), columns: ['a'], k: 2, seed: 1 })
    expect([none.k, none.inertia, none.clusterOf.length]).toEqual([0, 0, 0])
    const constant = clusterCustomers({ x: Float64Array.of(1, 7, 2, 7), columns: ['a', 'b'], k: 2, seed: 1 })
    expect(constant.profiles).toEqual([
      [1, 0],
      [-1, 0],
    ])
    expect(constant.warnings).toEqual(['b is the same for everybody and divides nobody.'])
  })

  it('lets the larger column decide where nothing is standardised', () => {
    const rows = Float64Array.of(0, 0, 0, 1, 1000, 0, 1000, 1)
    const clusters = clusterCustomers({ x: rows, columns: ['a', 'b'], k: 2, seed: 1, standardize: false })
    expect([...clusters.clusterOf]).toEqual([1, 1, 0, 0])
    expect(clusters.inertia).toBe(1)
  })

  it('names what cannot be', () => {
    const good = { x: Float64Array.of(1, 2), columns: ['a'], k: 1, seed: 1 }
    expect(() => clusterCustomers({ ...good, x: Float64Array.of(1, Infinity) })).toThrow(/a, row 1/)
    expect(() => clusterCustomers({ ...good, k: 0 })).toThrow(TypeError)
    expect(() => clusterCustomers({ ...good, seed: 0.5 })).toThrow(TypeError)
    expect(() => clusterCustomers({ ...good, restarts: 0 })).toThrow(TypeError)
  })

  it('puts every row with its nearest center, and never ends with NaN', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }))
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 25 }), fc.integer({ min: 1, max: 6 }), (rows, k) => {
        const matrix = Float64Array.from(rows.flat())
        const clusters = clusterCustomers({ x: matrix, columns: ['a', 'b'], k, seed: 3, restarts: 2 })
        expect(clusters.sizes.reduce((sum, size) => sum + size, 0)).toBe(rows.length)
        expect(clusters.sizes.every((size) => size > 0)).toBe(true)
        expect([clusters.inertia, ...clusters.centers.flat(), ...clusters.profiles.flat()].every(Number.isFinite)).toBe(
          true,
        )
      }),
      { seed: 6, numRuns: 200 },
    )
  })
})
