import { expect, test } from 'vitest'
import { pgliteStorage } from './pglite-storage.js'

test('timers fire while a long loop works on PGlite', async () => {
  const storage = pgliteStorage()
  await storage.open()
  await storage.apply(await storage.plan([{ name: 'thing', fields: {}, indexes: [] }]))
  const session = storage.session({ tenantId: 'acme' })
  let fired = 0
  const timer = setInterval(() => fired++, 1)
  for (let index = 0; index < 20_000 && fired < 3; index++) await session.getMany('thing', [`${index}`])
  clearInterval(timer)
  expect(fired).toBeGreaterThanOrEqual(3)
  await storage.close()
})
