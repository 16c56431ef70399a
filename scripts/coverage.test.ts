import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './workspace.mjs'

/** A row of docs/coverage.md: a promise, the file that holds it, and the test's name (`step: …` of the gate, or `all of it`). */
const rows = [
  ...readFileSync(join(root, 'docs/coverage.md'), 'utf8').matchAll(/^\|[^|]*\| `([^`]+)` \| (.+?) \|$/gm),
].map(([, file = '', name = '']) => ({ file, name }))

/** The source of a test file and of the fixtures beside it, where tests may be written for several files. */
const sourceOf = (file: string): string =>
  [file, ...globSync(`${dirname(file)}/*.fixture.ts`, { cwd: root })]
    .map((each) => readFileSync(join(root, each), 'utf8'))
    .join('\n')

test('every test that docs/coverage.md names is there', () => {
  expect(rows.length).toBeGreaterThan(100)
  const missing = rows.filter(({ file, name }) => {
    if (!existsSync(join(root, file))) return true
    if (file.endsWith('.md') || name === 'all of it') return false
    const wanted = name.startsWith('step: ') ? `name: '${name.slice(6)}'` : name
    return !sourceOf(file).includes(wanted) && !sourceOf(file).includes(wanted.replaceAll("'", "\\'"))
  })
  expect(missing).toEqual([])
})
