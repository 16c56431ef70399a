import { runStorageConformance } from '@rapport/conformance'
import { test } from 'vitest'
import { fakeSheetService } from './sheet-service.js'
import { sheetStorage } from './sheet-storage.js'

// #region kit
const service = fakeSheetService()

await runStorageConformance({
  test,
  create: () => sheetStorage(service),
  counter: service.requests,
})
// #endregion
