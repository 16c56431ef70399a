import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDataDirectory } from './data-directory.js'
import { StartRefusal } from './start-refusal.js'

let folder: string
const lock = (): string => join(folder, 'shop-demo.lock')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-demo-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the lock', () => {
  test('keeps a second one out until it is given back, and leaves nothing behind', () => {
    const first = openDataDirectory(folder)
    expect(() => openDataDirectory(folder)).toThrow(
      new StartRefusal(
        `The data directory ${folder} is in use by process ${process.pid}: stop that demo, or choose another directory with DATA_DIR.`,
      ),
    )
    first.release()
    openDataDirectory(folder).release()
    expect(readdirSync(folder)).toEqual(['shop-demo.json'])
  })

  test.each([
    ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, startedAt: null })],
    ['nobody, because its text is damaged', '{"pid":'],
  ])('of %s is taken over', (_, text) => {
    writeFileSync(lock(), text)
    openDataDirectory(folder).release()
    expect(existsSync(lock())).toBe(false)
  })

  test.runIf(process.platform === 'linux')(
    'of an earlier process with the number of a running one is taken over',
    () => {
      writeFileSync(lock(), JSON.stringify({ pid: process.pid, startedAt: 'another boot/1' }))
      openDataDirectory(folder).release()
    },
  )

  test('of a running process of somebody else is respected', () => {
    writeFileSync(lock(), JSON.stringify({ pid: process.ppid, startedAt: null }))
    expect(() => openDataDirectory(folder)).toThrow(`is in use by process ${process.ppid}`)
  })
})

describe('the state', () => {
  test('is remembered by the next one', () => {
    const first = openDataDirectory(folder)
    expect(first.state).toEqual({ databaseComplete: false })
    first.remember({ databaseComplete: true, importedLog: 'abc' })
    first.release()
    const second = openDataDirectory(folder)
    expect(second.state).toEqual({ databaseComplete: true, importedLog: 'abc' })
    second.release()
  })

  test('clears away a database whose creation was interrupted, and no other', () => {
    const begun = openDataDirectory(folder)
    mkdirSync(begun.database)
    begun.release()
    const again = openDataDirectory(folder)
    expect(existsSync(again.database)).toBe(false)
    mkdirSync(again.database)
    again.remember({ databaseComplete: true })
    again.release()
    const third = openDataDirectory(folder)
    expect(existsSync(third.database)).toBe(true)
    third.release()
  })

  test('says what to do when it is damaged', () => {
    writeFileSync(join(folder, 'shop-demo.json'), '{')
    expect(() => openDataDirectory(folder)).toThrow('is damaged: delete the data directory to begin anew.')
    expect(existsSync(lock())).toBe(false)
  })
})

test('a directory that cannot be made is refused in one sentence', () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  for (const directory of [file, join(file, 'below')]) {
    expect(() => openDataDirectory(directory)).toThrow(StartRefusal)
    expect(() => openDataDirectory(directory)).toThrow(/cannot be written \(E[A-Z]+\): choose another with DATA_DIR\.$/)
  }
})
