// @ts-check

/**
 * @typedef {object} DocExample
 * @property {string} file where it is written
 * @property {number} line 1-based line of its first line of code
 * @property {string} code what is compiled: the set-up, then the example
 * @property {number} setupLines how many lines of `code` come before the example
 */

/**
 * A block that shows a piece of a source file, named in its info string: `ts region=examples/a/b.ts#name`.
 *
 * @typedef {object} ShownRegion
 * @property {string} file the page
 * @property {number} line 1-based line of its first line of code
 * @property {string} source path of the source file from the root of the repository
 * @property {string} name
 * @property {string} code what the page shows
 * @property {number} start where the code begins in the page
 */

const fence = /^(?<indent>[ \t]*)```ts(?<options>[ \t][^\n]*)?\n(?<body>[\s\S]*?)^[ \t]*```[ \t]*$/gm
const setupComment = /<!--\s*example-setup\n((?:(?!-->)[\s\S])*)-->\s*$/

/**
 * The TypeScript examples of a Markdown page, in order.
 *
 * A block marked `ts ignore` is left out, and so is one that shows a region of a source file, which is compiled there. A block marked `ts continued` goes on from the block before it. What a page
 * takes for granted (a connection string, a host's own function) stands before the block in a comment that readers do
 * not see: `<!-- example-setup`, declarations, `-->`.
 *
 * @param {string} file the name used in messages
 * @param {string} text
 * @returns {DocExample[]}
 */
export function examplesInMarkdown(file, text) {
  /** @type {DocExample[]} */
  const examples = []
  for (const match of text.matchAll(fence)) {
    const { options = '', body = '', indent = '' } = match.groups ?? {}
    const marks = options.trim().split(/\s+/)
    if (marks.includes('ignore') || marks.some((mark) => mark.startsWith('region='))) continue
    const before = text.slice(0, match.index)
    const hidden = setupComment.exec(before)?.[1] ?? ''
    const earlier = marks.includes('continued') ? `${examples.at(-1)?.code ?? ''}\n` : ''
    const setup = earlier + hidden
    examples.push({
      file,
      line: linesIn(before) + 2,
      code: setup + body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      setupLines: linesIn(setup),
    })
  }
  return examples
}

/**
 * The regions of source files that a Markdown page shows, in order.
 *
 * @param {string} file the name used in messages
 * @param {string} text
 * @returns {ShownRegion[]}
 */
export function regionsInMarkdown(file, text) {
  return [...text.matchAll(fence)].flatMap((match) => {
    const { options = '', body = '' } = match.groups ?? {}
    const place = /(?:^|\s)region=(\S+)#(\S+)/.exec(options)
    if (!place) return []
    const [, source = '', name = ''] = place
    const start = match.index + match[0].indexOf('\n') + 1
    return [{ file, line: linesIn(text.slice(0, start)) + 1, source, name, code: body, start }]
  })
}

/**
 * The lines between `// #region name` and the next `// #endregion`, as far to the left as they go; `undefined` where there is no
 * such region.
 *
 * @param {string} source
 * @param {string} name
 */
export function regionOf(source, name) {
  const lines = source.split('\n')
  const begin = lines.findIndex((line) => line.trim() === `// #region ${name}`)
  const length = lines.slice(begin + 1).findIndex((line) => line.trim() === '// #endregion')
  if (begin < 0 || length < 0) return undefined
  const inside = lines.slice(begin + 1, begin + 1 + length)
  const indent = Math.min(...inside.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)))
  return inside.map((line) => `${line.slice(indent)}\n`).join('')
}

/**
 * The TypeScript examples inside the doc comments of a source file. What the file exports is in scope in them, as it is
 * for the reader who hovers the name; everything else they import.
 *
 * @param {string} file path relative to the repository, as messages and imports need it
 * @param {string} source
 * @returns {DocExample[]}
 */
export function examplesInSource(file, source) {
  const imports = importsOfExports(file, source)
  return [...source.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)].flatMap((comment) => {
    const text = comment[0].replaceAll(/^[ \t]*(\/\*\*|\*\/|\*) ?/gm, '')
    const above = linesIn(source.slice(0, comment.index))
    return examplesInMarkdown(file, text).map((example) => ({
      ...example,
      line: example.line + above,
      code: imports + example.code,
      setupLines: example.setupLines + linesIn(imports),
    }))
  })
}

/** @param {string} file @param {string} source */
function importsOfExports(file, source) {
  const declared = source.matchAll(
    /^export (?:declare )?(?:abstract )?(?:async )?(function\*?|const|class|enum|interface|type) (\w+)/gm,
  )
  const names = [...declared].map(([, kind, name]) => (kind === 'interface' || kind === 'type' ? `type ${name}` : name))
  return names.length === 0 ? '' : `import { ${[...new Set(names)].join(', ')} } from './${file}'\n`
}

/** @param {string} text how many line ends are in it */
function linesIn(text) {
  return text.split('\n').length - 1
}
