// @ts-check
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { examplesInMarkdown, examplesInSource, regionOf, regionsInMarkdown } from './doc-examples.mjs'
import { root } from './workspace.mjs'

// Type-checks the examples of the documentation against the workspace, so that a page cannot promise what the code no
// longer does. Each example is a module of its own in the repository's root, that exists in memory alone. A block that shows
// a region of a source file must show it as it is; `--write` copies the regions into the pages.

const pages = globSync(['README.md', 'CONTRIBUTING.md', 'docs/**/*.md', 'packages/*/README.md'], { cwd: root })
const sources = globSync('packages/*/src/**/*.{ts,tsx}', { cwd: root })
const read = (/** @type {string} */ file) => readFileSync(join(root, file), 'utf8')
const slashes = (/** @type {string} */ file) => file.replaceAll('\\', '/')

const written = pages.filter((file) => !slashes(file).startsWith('docs/api/'))
if (process.argv.includes('--write')) written.forEach(copyRegions)
const examples = [
  ...written.flatMap((file) => examplesInMarkdown(file, read(file))),
  ...sources.flatMap((file) => examplesInSource(slashes(file), read(file))),
]
/** @type {Map<string, import('./doc-examples.mjs').DocExample>} */
const modules = new Map(examples.map((example, index) => [slashes(join(root, `doc-example-${index}.ts`)), example]))

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root)
const disk = ts.createCompilerHost(options)
/** @type {ts.CompilerHost} */
const host = {
  ...disk,
  fileExists: (name) => modules.has(slashes(name)) || disk.fileExists(name),
  readFile: (name) => moduleText(name) ?? disk.readFile(name),
  getSourceFile: (name, version, ...rest) => {
    const text = moduleText(name)
    return text === undefined ? disk.getSourceFile(name, version, ...rest) : ts.createSourceFile(name, text, version)
  },
}

const program = ts.createProgram([...modules.keys()], options, host)
let problems = 0
for (const [name, example] of modules) {
  const file = program.getSourceFile(name)
  for (const { start = 0, messageText } of file === undefined ? [] : ts.getPreEmitDiagnostics(program, file)) {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line
    const message = ts.flattenDiagnosticMessageText(messageText, '\n  ')
    console.error(`${example.file}:${example.line + line - example.setupLines} ${message}`)
    problems += 1
  }
}
const regions = written.flatMap((file) => regionsInMarkdown(file, read(file)))
for (const { file, line, source, name, code } of regions) {
  if (sourceRegion(source, name) === code) continue
  console.error(`${file}:${line} is not the region ${name} of ${source}: run check-doc-examples.mjs --write`)
  problems += 1
}
console.log(`${examples.length} examples and ${regions.length} regions checked, ${problems} problems.`)
process.exitCode = problems === 0 ? 0 : 1

/**
 * An example without imports is a module nonetheless.
 *
 * @param {string} name
 */
function moduleText(name) {
  const example = modules.get(slashes(name))
  return example === undefined ? undefined : `${example.code}\nexport {}\n`
}

/**
 * @param {string} source
 * @param {string} name
 */
function sourceRegion(source, name) {
  return existsSync(join(root, source)) ? regionOf(read(source), name) : undefined
}

/**
 * Puts the regions of the sources into the blocks of a page that show them.
 *
 * @param {string} file
 */
function copyRegions(file) {
  const text = read(file)
  let copied = text
  // From the end, so that the places before stay where they are.
  for (const { source, name, code, start } of regionsInMarkdown(file, text).reverse()) {
    copied = copied.slice(0, start) + (sourceRegion(source, name) ?? code) + copied.slice(start + code.length)
  }
  if (copied !== text) writeFileSync(join(root, file), copied)
}
