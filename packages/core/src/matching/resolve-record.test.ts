import { describe, expect, test } from 'vitest'
import { matchRecords, resolveRecord } from './index.js'
import { crmSynth } from './labelled-records.fixture.js'

describe('resolving a newcomer', () => {
  const set = crmSynth()
  const { model } = matchRecords(set.records, { fields: set.fields })

  test('ranks the person first, by the measure of the whole', () => {
    const [newcomer, ...rest] = [
      { id: 'new', name: 'Thomas Stanby', email: 'thomas.stanby@gmail.com', phone: '07648944068' },
      { id: 'same', name: 'Tom Stanby', email: 'thomas.stanby@gmail.com', phone: '+447648944068' },
      { id: 'namesake', name: 'Thomas Stanby', email: 'tstanby1970@yahoo.com', phone: '+14155550100' },
      { id: 'stranger', name: '王芳', email: 'fang.wang2004@gmail.com', phone: '18692502373' },
    ]
    const found = resolveRecord(newcomer!, rest, { fields: set.fields, model })
    expect(found.map(({ id, isMatch }) => [id, isMatch])).toEqual([
      ['same', true],
      ['namesake', false],
      ['stranger', false],
    ])
    expect(found[0]!.reasons[0]).toEqual({
      what: expect.stringMatching(/^(email|phone)\.same$/),
      effect: 'raises',
      evidence: { field: expect.stringMatching(/^(email|phone)$/), bits: expect.any(Number) },
    })
    expect(found[2]!.probability).toBeLessThan(0.001)
  })

  test('has nothing to say of no candidates', () => {
    expect(resolveRecord({ id: 1, name: 'Ada' }, [], { fields: { name: 'personName' } })).toEqual([])
  })
})
