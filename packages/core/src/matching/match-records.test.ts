import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchRecords } from './index.js'
import { crmSynth, fake1000, febrl, qualityOf } from './labelled-records.fixture.js'
import type { MatchableRecord, MatchOptions } from './match-options.js'

const fields = { name: 'personName', email: 'email', phone: 'phone', company: 'companyName', city: 'text' } as const
const pairsIn = (records: readonly MatchableRecord[], options: Partial<MatchOptions> = {}): string[] =>
  matchRecords(records, { fields, ...options }).pairs.map(({ a, b }) => `${a}+${b}`)

/** People who have nothing to do with one another, so that frequencies mean something. */
const strangers = (count: number): MatchableRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `s${index}`,
    name: `${'ABCDEFGHIJ'[index % 10]}${'aeiou'[index % 5]}n${'klmnprst'[index % 8]}o ${'QRSTUVWXYZ'[(index >> 2) % 10]}${'iouea'[(index >> 3) % 5]}l${'bdfgm'[index % 5]}er`,
    email: `person.${index * 7919}@mail${index % 13}.example`,
    phone: `+4420${String(70_000_000 + index * 104_729).slice(0, 8)}`,
    company: `Company ${index * 31} Trading`,
    city: ['London', 'Paris', 'Rome', 'Berlin'][index % 4],
  }))

describe('labelled sets at threshold 0.95', () => {
  test.each([
    ['febrl1 without the social security number', febrl('febrl1.csv'), 0.991, 1],
    ['febrl3 without the social security number', febrl('febrl3.csv'), 0.991, 0.99],
    ['fake_1000', fake1000(), 0.8, 0.99],
    ['crm_synth from raw values', crmSynth(), 0.895, 0.95],
  ])(
    '%s: F1 as good as the best engine, precision kept, no cluster over twice the largest entity',
    (_, set, f1, precision) => {
      const quality = qualityOf(matchRecords(set.records, { fields: set.fields, threshold: 0.95 }), set)
      expect(quality.f1).toBeGreaterThanOrEqual(f1)
      expect(quality.precision).toBeGreaterThanOrEqual(precision)
      expect(quality.largestCluster).toBeLessThanOrEqual(2 * set.largest)
    },
  )
})

describe('matching', () => {
  const ada = {
    id: 1,
    name: 'Ada King',
    email: 'ada.king@gmail.com',
    phone: '+44 20 7946 0018',
    company: 'Analytical Engines Ltd',
    city: 'London',
  }

  test('finds one person written in many ways, and says why', () => {
    const again = {
      id: 2,
      name: 'KING, Ada',
      email: 'AdaKing+shop@googlemail.com',
      phone: '020 7946 0018',
      company: 'analytical engines',
      city: 'london',
    }
    const { pairs, clusters } = matchRecords([...strangers(200), ada, again], { fields })
    expect(pairs).toHaveLength(1)
    expect(clusters).toEqual([[1, 2]])
    expect(pairs[0]).toMatchObject({ a: 1, b: 2 })
    expect(pairs[0]!.probability).toBeGreaterThan(0.999)
    expect(pairs[0]!.reasons.map(({ what }) => what).toSorted()).toEqual([
      'companyName.same',
      'email.same',
      'personName.same',
      'phone.same',
      'text.same',
    ])
  })

  test.each([
    ['a Chinese name in pinyin', '陆若豪', 'LU RUOHAO'],
    ['a surname with a reading of its own', '单雄', 'Shan Xiong'],
    ['traditional characters', '楊傑', '杨杰'],
    ['a title behind a Chinese name', '吴浩睿', '吴浩睿女士'],
    ['a pet name', 'Benjamin Pemby', 'Ben Pemby'],
    ['a middle initial', 'Robert Pemley', 'Robert Z. Pemley'],
    ['accents', 'Zoë Müller', 'Zoe Muller'],
    ['two words run together', 'Daniel Eastfield', 'DanielEastfield'],
  ])('knows %s', (_, left, right) => {
    const shared = { phone: '+86 138 0013 8000', city: 'Hangzhou' }
    expect(
      pairsIn([...strangers(300), { id: 'a', name: left, ...shared }, { id: 'b', name: right, ...shared }]),
    ).toEqual(['a+b'])
  })

  test('keeps a family with one telephone, and colleagues with one mailbox, apart', () => {
    const family = ['Ada King', 'William King', 'Ralph King'].map((name, index) => ({
      id: `f${index}`,
      name,
      phone: ada.phone,
      city: 'London',
    }))
    const office = ['Grace Hopper', 'Alan Turing', 'Mary Somerville'].map((name, index) => ({
      id: `o${index}`,
      name,
      email: 'sales@example.org',
      company: 'Example Inc.',
    }))
    expect(pairsIn([...strangers(300), ...family, ...office])).toEqual([])
  })

  test('does not join what is known to be different, whatever connects them', () => {
    const copies = [1, 2, 3].map((id) => ({ ...ada, id }))
    const { clusters } = matchRecords([...strangers(100), ...copies], { fields, notDuplicates: [[1, 3]] })
    expect(clusters).toHaveLength(1)
    expect(clusters[0]).toHaveLength(2)
    expect(clusters[0]).not.toEqual([1, 3])
  })

  test('links two sources without looking for duplicates inside one', () => {
    const records = [
      { ...ada, id: 'shop-1', source: 'shop' },
      { ...ada, id: 'shop-2', source: 'shop' },
      { ...ada, id: 'desk-1', source: 'desk' },
    ]
    expect(
      pairsIn([...strangers(100).map((one) => ({ ...one, source: 'shop' })), ...records], {
        link: { side: 'source' },
      }).toSorted(),
    ).toEqual(['shop-1+desk-1', 'shop-2+desk-1'])
  })

  test('espo #1272, #2790: decides by rules of and and or, where rules are given', () => {
    const records = [
      { id: 1, name: 'Ada King', email: 'ada@example.org', phone: '' },
      { id: 2, name: 'A. Lovelace', email: 'ADA@example.org', phone: '' },
      { id: 3, name: 'Ada Kimg', email: '', phone: '+442079460018' },
      { id: 4, name: 'Ada King', email: '', phone: '+442079460018' },
      { id: 5, name: 'Bob Byron', email: '', phone: '+442079460018' },
    ]
    const rules = {
      any: [
        { field: 'email', atLeast: 'same' },
        {
          all: [
            { field: 'phone', atLeast: 'same' },
            { field: 'name', atLeast: 'close' },
          ],
        },
      ],
    }
    expect(pairsIn(records, { rules })).toEqual(['1+2', '3+4'])
  })

  test('gives the same clusters for the same records in any order', () => {
    const set = [...strangers(60), ada, { ...ada, id: 2, name: 'Ada Kimg' }, { ...ada, id: 3, email: '' }]
    const clustersOf = (records: readonly MatchableRecord[]) =>
      matchRecords(records, { fields }).clusters.map((ids) => ids.map(String).toSorted())
    const expected = clustersOf(set)
    expect(expected).toEqual([['1', '2', '3']])
    fc.assert(
      fc.property(fc.shuffledSubarray(set, { minLength: set.length }), (shuffled) => {
        expect(clustersOf(shuffled)).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })

  test('takes any text without failing, and every probability lies between 0 and 1', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('', ' ', '王芳', '@', '000', 'a@b', '２０２６-０２-３１'),
    )
    const record = fc.record({ name: text, email: text, phone: text, company: text, city: text, born: text })
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), (rows) => {
        const records = rows.map((row, id) => ({ ...row, id }))
        const { pairs, clusters } = matchRecords(records, { fields: { ...fields, born: 'date' }, threshold: 0.5 })
        for (const { probability, reasons } of pairs) {
          expect(probability).toBeGreaterThan(0)
          expect(probability).toBeLessThanOrEqual(1)
          expect(reasons.length).toBeGreaterThan(0)
        }
        const ids = clusters.flat()
        expect(new Set(ids).size).toBe(ids.length)
      }),
      { numRuns: 60 },
    )
  })

  test('finds nothing among no records and one', () => {
    expect(matchRecords([], { fields })).toMatchObject({ pairs: [], clusters: [] })
    expect(matchRecords([ada], { fields })).toMatchObject({ pairs: [], clusters: [] })
  })
})

describe('bad input names the place and the remedy', () => {
  const one = { id: 1, name: 'Ada' }
  test.each<[string, readonly unknown[], unknown, string]>([
    ['no fields', [one], { fields: {} }, 'fields: must name at least one field'],
    ['an unknown kind', [one], { fields: { name: 'surname' } }, 'fields.name: must be one of personName'],
    ['a record without an id', [{ name: 'Ada' }], { fields }, 'records.0.id: must be a text or a number'],
    ['an id twice', [one, one], { fields }, 'records.1.id: is the id of an earlier record'],
    ['an object for a name', [{ id: 1, name: {} }], { fields }, 'records.0.name: must be a text'],
    ['a threshold of one', [one], { fields, threshold: 1 }, 'threshold: must lie between 0 and 1'],
    ['a threshold that is no number', [one], { fields, threshold: Number.NaN }, 'threshold: must lie between 0 and 1'],
    ['a cluster of one', [one], { fields, largestCluster: 1 }, 'largestCluster: must be a whole number'],
    ['a link without a side', [one], { fields, link: {} }, 'link.side: must name the field'],
    ['half a pair', [one], { fields, notDuplicates: [[1]] }, 'notDuplicates.0: must be two ids'],
    [
      'a rule for no field',
      [one],
      { fields, rules: { field: 'age', atLeast: 'same' } },
      'rules.field: must be one of the fields',
    ],
    [
      'a rule that always holds',
      [one],
      { fields, rules: { field: 'name', atLeast: 'different' } },
      'rules.atLeast: must be one of same',
    ],
    ['an empty rule', [one], { fields, rules: { any: [] } }, 'rules.any: must hold at least one rule'],
    [
      'a model of other fields',
      [one],
      { fields, model: { prior: 0.1, duplicates: 1, fields: [] } },
      'model: was made for other fields',
    ],
  ])('%s', (_, records, options, message) => {
    expect(() => matchRecords(records as MatchableRecord[], options as MatchOptions)).toThrow(message)
  })
})
