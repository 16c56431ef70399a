import { testStorage } from '../node-test/index.js'
import { writeFaults } from './broken/write-faults.js'
import { weakStorage } from './weak-storage.js'

// A test file of an adapter's author, for a process of its own. The fault is chosen by its title; without one the storage is sound.
const fault = writeFaults.find(({ title }) => title === process.env.FAULT)

await testStorage({ create: fault?.create ?? weakStorage, level: 'basic', seed: 7, ...(fault && { only: 'versions' }) })
