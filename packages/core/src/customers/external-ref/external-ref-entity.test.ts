import { expect, it } from 'vitest'
import { planExternalRefRemoval, planExternalRefs } from './external-ref-entity.js'

const refs = [
  { system: 'shop', externalId: '1' },
  { system: 'shop1', externalId: '' },
]

it('a ref has one row, whose id follows from kind, system and id', () => {
  const [first, second] = planExternalRefs('contact', 'c-1', refs)
  expect(first).toMatchObject({
    kind: 'create',
    entity: 'externalRef',
    values: { system: 'shop', objectType: 'contact', externalId: '1', recordId: 'c-1' },
    implied: true,
  })
  const others = [second, ...planExternalRefs('order', 'c-1', refs.slice(0, 1))]
  expect(new Set([first, ...others].map((change) => change && 'id' in change && change.id)).size).toBe(3)
  expect(planExternalRefs('contact', 'c-2', refs.slice(0, 1))[0]).toMatchObject({
    id: first && 'id' in first && first.id,
  })
})

it('removal hits the row that was planned', () => {
  const [made] = planExternalRefs('contact', 'c-1', refs)
  expect(planExternalRefRemoval('contact', refs)[0]).toEqual({
    kind: 'unproject',
    entity: 'externalRef',
    id: made && 'id' in made && made.id,
  })
})
