// @ts-check

/**
 * @typedef {object} DocExample
 * @property {string} file where it is written
 * @property {number} line 1-based line of its first line of code
 * @property {string} code what is compiled: the set-up, then the example
 * @property {number} setupLines how many lines of `code` come before the example
 */

const fence = /^(?<indent>[ \t]*)```ts(?<options>[ \t][^\n]*)?\n(?<body>[\s\S]*?)^[ \t]*```[ \t]*$/gm
const setupComment = /<!--\s*example-setup\n([\s\S]*?)-->\s*$/

/**
 * The TypeScript examples of a Markdown page, in order.
 *
 * A block marked `ts ignore` is left out. A block marked `ts continued` goes on from the block before it. What a page
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
    if (marks.includes('ignore')) continue
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
