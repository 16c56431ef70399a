import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { readSettings } from './demo-settings.js'

const folder = pathToFileURL(`${resolve('example')}/`)
const below = (path: string): string => fileURLToPath(new URL(path, folder))

test('an empty environment gives the defaults of the README', () => {
  expect(readSettings({}, folder)).toEqual({
    port: 4000,
    host: '127.0.0.1',
    dataDirectory: below('.data'),
    purchaseLog: below('data/cdnow_sample.csv'),
  })
})

test('relative paths start where the command was typed', () => {
  const { dataDirectory } = readSettings({ DATA_DIR: 'kept', INIT_CWD: resolve('typed') }, folder)
  expect(dataDirectory).toBe(resolve('typed', 'kept'))
})

test.each(['80a', '-1', '65536', '4000.5', ' '])('the port %j is refused in one sentence', (PORT) => {
  expect(() => readSettings({ PORT }, folder)).toThrow(
    `PORT must be a whole number from 0 to 65535, not ${JSON.stringify(PORT)}.`,
  )
})
