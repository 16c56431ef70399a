import { memoryStorage } from '@rapport/core/storage/memory'
import { test } from 'vitest'
import { runStorageConformance } from '../index.js'

await runStorageConformance({ test, create: () => memoryStorage() })
