import { describe, expect, test } from 'vitest'
import { examplesInMarkdown, examplesInSource, regionOf, regionsInMarkdown } from './doc-examples.mjs'

const page = `# Title

\`\`\`ts
const first = 1
\`\`\`

\`\`\`ts ignore
not code
\`\`\`

\`\`\`tsx
<p/>
\`\`\`

\`\`\`ts continued
const second = first
\`\`\`

<!-- example-setup
declare const url: string
-->
\`\`\`ts
fetch(url)
\`\`\`
`

describe('examples in a page', () => {
  const [first, second, third, ...rest] = examplesInMarkdown('page.md', page)

  test('are the ts blocks that are not ignored', () => {
    expect(first).toEqual({ file: 'page.md', line: 4, code: 'const first = 1\n', setupLines: 0 })
    expect(rest).toEqual([])
  })

  test('continue the one before where they say so', () => {
    expect(second?.code).toBe('const first = 1\n\nconst second = first\n')
    expect([second?.line, second?.setupLines]).toEqual([16, 2])
  })

  test('find what the page takes for granted in a hidden comment', () => {
    expect(third?.code).toBe('declare const url: string\nfetch(url)\n')
    expect([third?.line, third?.setupLines]).toEqual([23, 1])
    const twice = examplesInMarkdown('page.md', `${page}\n${page}`)
    expect(twice.at(-1)?.code).toBe(third?.code)
  })
})

describe('examples in doc comments', () => {
  test('see what their file exports, and are found by their line', () => {
    const source = `export interface Pair { a: number }

/**
 * Adds.
 *
 * @example
 * \`\`\`ts
 * add({ a: 1 })
 * \`\`\`
 */
export function add(pair: Pair): number {
  return pair.a
}
`
    expect(examplesInSource('packages/core/src/add.ts', source)).toEqual([
      {
        file: 'packages/core/src/add.ts',
        line: 8,
        code: "import { type Pair, add } from './packages/core/src/add.ts'\nadd({ a: 1 })\n",
        setupLines: 1,
      },
    ])
  })
})

describe('regions of source files', () => {
  const source = `import a from 'a'

class Pair {
  // #region sum
  sum(): number {

    return 1
  }
  // #endregion
}
`

  test('are found by their name, and moved to the left', () => {
    expect(regionOf(source, 'sum')).toBe('sum(): number {\n\n  return 1\n}\n')
    expect(regionOf(source, 'difference')).toBeUndefined()
  })

  test('are shown by blocks that name them, and not compiled there again', () => {
    const text = 'See:\n\n```ts region=examples/pair/pair.ts#sum\nsum(): number {\n```\n'
    expect(regionsInMarkdown('page.md', text)).toEqual([
      { file: 'page.md', line: 4, source: 'examples/pair/pair.ts', name: 'sum', code: 'sum(): number {\n', start: 45 },
    ])
    expect(examplesInMarkdown('page.md', text)).toEqual([])
  })
})
