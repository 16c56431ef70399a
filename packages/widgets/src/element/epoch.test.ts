import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Epoch } from './epoch.js'

test('advancing aborts what is under way and makes its ticket stale', () => {
  const epoch = new Epoch()
  const before = epoch.ticket()
  epoch.advance()
  expect(before.signal.aborted).toBe(true)
  expect(before.isCurrent()).toBe(false)
  expect(epoch.ticket().isCurrent()).toBe(true)
})

test('however switches and answers interleave, only answers to the present visitor are kept', () => {
  const step = fc.oneof(fc.constant('switch' as const), fc.constant('ask' as const), fc.nat(20))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const epoch = new Epoch()
      const asked: { visitor: number; ticket: ReturnType<Epoch['ticket']> }[] = []
      let visitor = 0
      for (const each of steps) {
        if (each === 'switch') {
          visitor++
          epoch.advance()
        } else if (each === 'ask') asked.push({ visitor, ticket: epoch.ticket() })
        else {
          const answered = asked[each]
          if (answered) expect(answered.ticket.isCurrent()).toBe(answered.visitor === visitor)
        }
      }
    }),
  )
})
