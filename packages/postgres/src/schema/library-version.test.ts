import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isNewerVersion, libraryVersion } from './library-version.js'

test('changes of a schema are recorded with the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  expect(libraryVersion).toBe(version)
})

test.each([
  ['0.1.1', '0.1.0', true],
  ['0.10.0', '0.9.9', true],
  ['1.0.0', '0.99.0', true],
  ['0.1.0', '0.1.0', false],
  ['0.9.9', '0.10.0', false],
  ['1.0.0-beta.2', '1.0.0', false],
  ['unknown', '0.1.0', false],
])('%s is newer than %s: %s', (version, than, expected) => {
  expect(isNewerVersion(version, than)).toBe(expected)
})
